"""Names that the user gave are followed; imports stay where they belong."""

import pytest

from fastgen.merge.python import merged_python
from fastgen.merge.python.renamed import with_users_names
from fastgen.merge.renames.moved_names import MovedNames
from fastgen.merge.renames.users_code import with_moved_names

RENAMED = MovedNames(
    modules={"shop.products": "shop.goods"},
    names={"shop.products.models": {"Product": "Good"}},
    fields={"price": "cost"},
    models=frozenset({("shop.products.models", "Product")}),
    tables={"products": "goods"},
    table="products",
)
IMPORT = "from shop.products.models import Product\n"


def followed(text: str) -> str:
    return with_moved_names(text, RENAMED, "shop.report", is_package=False)


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


@pytest.mark.parametrize(
    "own",
    [
        "import stripe\nstripe.Product.price\n",
        "import stripe as shop\nshop.Product.price\n",
        "from stripe import Product\nProduct(price=1).price\n",
        "def f(p: 'Product'):\n    from a import Product\n    return Product.price\n",
        "class Own:\n    from stripe import Product\n    kind = Product\n",
    ],
)
def test_a_name_that_another_import_binds_stays(own: str):
    use = "def g(p: Product):\n    return p.price\n"
    inside = f"def h():\n    {IMPORT}    return Product.price\n"
    stays = own.replace("'Product'", "'Good'") if "'Product'" in own else own
    if own.startswith(("from", "class")):
        assert followed(own + inside) == stays + renamed(inside)
    else:
        assert followed(IMPORT + own + use) == renamed(IMPORT) + stays + renamed(use)


def renamed(text: str) -> str:
    new = text.replace("products", "goods").replace("Product", "Good")
    return new.replace("price", "cost")


@pytest.mark.parametrize(
    "use",
    [
        "def f(a, /, *r: Product): return [p.price for p in r], r[0].price\n",
        "def f(*, b: Product, **k: Product): return b.price, k['a'].price\n",
        "def f(**k: Product):\n    for p in k.values(): p.price\n",
        "def f(l: list[Product]): return l[0].price\n",
        "def f(d: dict[str, Product]): return d['a'].price\n",
        "def f(t: tuple[Product, ...]): return [p.price for p in t]\n",
    ],
)
def test_models_in_each_kind_of_parameter_are_followed(use: str):
    assert followed(IMPORT + use) == renamed(IMPORT + use)


def test_the_rest_of_the_parameters_is_no_model_itself():
    text = f"{IMPORT}def f(*r: Product, **k: Product): return r.price, k.price\n"
    assert followed(text).endswith("return r.price, k.price\n")


@pytest.mark.parametrize(
    ("argument", "new"),
    [
        ('ForeignKey("products.price")', 'ForeignKey("goods.cost")'),
        ('Field(foreign_key="products.price")', 'Field(foreign_key="goods.cost")'),
        ('ForeignKey("prices.price")', 'ForeignKey("prices.price")'),
        (
            'ForeignKeyConstraint(["a"], ["products.price"])',
            'ForeignKeyConstraint(["a"], ["goods.cost"])',
        ),
        ('relationship("Product")', 'relationship("Good")'),
        (
            "relationship(order_by='Product.price.desc()')",
            "relationship(order_by='Good.cost.desc()')",
        ),
        ('relationship("shop.Product")', 'relationship("shop.Product")'),
        ('UniqueConstraint("price", "b")', 'UniqueConstraint("price", "b")'),
    ],
)
def test_keys_and_relationships_in_strings_are_followed(argument: str, new: str):
    assert (
        followed(f"class Own:\n    a = {argument}\n") == f"class Own:\n    a = {new}\n"
    )


@pytest.mark.parametrize(
    ("argument", "new"),
    [
        ('UniqueConstraint("price", "b")', 'UniqueConstraint("cost", "b")'),
        ('sa.Index("price", "price")', 'sa.Index("price", "cost")'),
        ('ForeignKeyConstraint(["price"], ["a.b"])', "cost"),
        ('Index("i", "b", postgresql_include=["price"])', '_include=["cost"])'),
        ('synonym("price")', 'synonym("cost")'),
        ('validates("b", "price")', 'validates("b", "cost")'),
        ('translated("price")', 'translated("price")'),
        ('UniqueConstraint("pri" "ce")', 'UniqueConstraint("pri" "ce")'),
    ],
)
def test_columns_in_strings_of_their_own_model_are_followed(argument: str, new: str):
    text = f"class Product(Record):\n    a = {argument}\n"
    found = with_moved_names(text, RENAMED, "shop.products.models", is_package=False)
    assert new in found
    inner = f"class Product:\n    class Meta:\n        a = {argument}\n"
    assert argument in with_moved_names(
        inner, RENAMED, "shop.products.models", is_package=False
    )


@pytest.mark.parametrize(
    ("body", "new"),
    [
        ('key == "price"', 'key == "cost"'),
        ('"price" != key', '"cost" != key'),
        ('key in ("price", "b")', 'key in ("cost", "b")'),
        ('value == "price"', 'value == "price"'),
    ],
)
def test_a_validator_compares_the_new_name_of_its_column(body: str, new: str):
    text = (
        "class Product:\n"
        '    @validates("price", "b")\n'
        "    def check(self, key, value):\n"
        f"        return {body}\n"
    )
    found = with_moved_names(text, RENAMED, "shop.products.models", is_package=False)
    assert found == text.replace(
        '("price", "b")\n    def', '("cost", "b")\n    def'
    ).replace(body, new)


@pytest.mark.parametrize(
    ("method", "new"),
    [
        ("def f(self): return self.price", "def f(self): return self.cost"),
        (
            "@classmethod\n    def f(cls, price): return cls(price=price)",
            "@classmethod\n    def f(cls, price): return cls(cost=price)",
        ),
        (
            "@staticmethod\n    def f(other): return other.price",
            "@staticmethod\n    def f(other): return other.price",
        ),
    ],
)
def test_the_fields_of_self_and_cls_are_followed(method: str, new: str):
    text = f"class Product:\n    {method}\n"
    found = with_moved_names(text, RENAMED, "shop.products.models", is_package=False)
    assert found == f"class Product:\n    {new}\n"
