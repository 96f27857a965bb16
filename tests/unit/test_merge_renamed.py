"""Names that the user gave are followed; imports stay where they belong."""

import pytest

from fastgen.merge.python import merged_python
from fastgen.merge.python.renamed import with_users_names
from fastgen.merge.renames.users_code import MovedNames

RENAMED = MovedNames(
    modules={"shop.products": "shop.goods"},
    names={"shop.products.models": {"Product": "Good"}},
    fields={"price": "cost"},
    models=frozenset({("shop.products.models", "Product")}),
    tables={"products": "goods"},
)
IMPORT = "from shop.products.models import Product\n"


def followed(text: str) -> str:
    return RENAMED.followed(text, "shop.report", is_package=False)


def test_a_local_that_the_user_renamed_is_followed():
    base = "def make():\n    app = API()\n    return app\n"
    next_ = "def make():\n    app = API()\n    app.add(b)\n    return app\n"
    user = "def make():\n    api = API()\n    log(api)\n    return api\n"
    assert with_users_names(base, next_, user) == (
        base.replace("app", "api"),
        next_.replace("app", "api"),
    )


def test_a_name_that_fastgen_takes_too_is_not_followed():
    base = "def make():\n    app = API()\n    return app\n"
    next_ = "def make():\n    app = API()\n    api = Router()\n    return app\n"
    user = base.replace("app", "api")
    assert with_users_names(base, next_, user) == (base, next_)


def test_imports_of_one_package_have_no_blank_line_between_them():
    base = "from pydantic import X\n\n\ndef f(): ...\n"
    next_ = base.replace("X\n", "X\n\nfrom shop.db import D\n")
    user = base.replace("X\n", "X\n\nfrom shop.reports import R\n")
    merged = merged_python(base, next_, user)
    assert merged.text == base.replace(
        "X\n", "X\n\nfrom shop.db import D\nfrom shop.reports import R\n"
    )


@pytest.mark.parametrize("odd", ["\u2028", "\x0b", "\x0c", "\x1e"])
def test_only_a_line_feed_ends_a_line_of_the_users(odd: str):
    own = f'"""A{odd}B"""\n'
    used = f"{odd}\n" if odd == "\x0c" else ""
    text = f"{own}{IMPORT}{used}def f(p: Product):\n    return p.price\n"
    new = text.replace("products", "goods").replace("Product", "Good")
    assert followed(text) == new.replace("price", "cost")


@pytest.mark.parametrize(
    "text",
    [
        IMPORT.replace("from ", "from \\\n    "),
        IMPORT.replace(".", " . "),
        'key = ForeignKey(r"products.id")\n',
        'key = ForeignKey("products" ".id")\n',
    ],
)
def test_what_is_written_in_a_rare_way_stays(text: str):
    assert followed(text) == text


@pytest.mark.parametrize(
    "other",
    [
        "for p in quotes: print(p.price)",
        "with quote() as p: print(p.price)",
        "p, q = quotes; print(p.price)",
        "if p := quote(): print(p.price)",
        "print([p.price for p in quotes])",
        "try: quote()\nexcept Refused as p: print(p.price)",
        "match quote():\n    case {'a': p}: print(p.price)",
        "from shop.quotes import p; print(p.price)",
        "def g(Product): return Product.price",
    ],
)
def test_a_name_with_another_meaning_elsewhere_keeps_its_attributes(other: str):
    text = f"{IMPORT}def f(p: Product): return 1\n{other}\n"
    assert ".price" in followed(text)
    assert ".cost" in followed(f"{IMPORT}def f(p: Product): return p.price\n")
