"""The gate, on plans of a few files."""

import pytest

from fastgen.merge.gate.gate import gated
from fastgen.merge.gate.kept_imports import imports_at_top, with_imported
from fastgen.plan import Action, Change, Plan, Severity
from fastgen.tree import Entry, File


def plan_of(before: dict[str, str], after: dict[str, str]) -> Plan:
    """The plan that makes `after` of `before`."""
    paths = sorted(before.keys() | after.keys())
    return Plan(
        tuple(
            change_of(path, before.get(path), after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        )
    )


def change_of(path: str, before: str | None, after: str | None) -> Change:
    action = Action.UPDATE if after is not None else Action.DELETE
    action = Action.CREATE if before is None else action
    return Change(path, action, "core", file_of(before), file_of(after))


def file_of(text: str | None) -> File | None:
    return None if text is None else File(text.encode())


def gate(before: dict[str, str], after: dict[str, str]) -> Plan:
    sources = {path: File(text.encode()) for path, text in before.items()}
    return gated(plan_of(before, after), "shop", sources, dict)


def test_new_code_gets_the_import_that_the_user_replaced():
    before = {"src/shop/main.py": "import fastapi as fa\nimport json\n\nfa, json\n"}
    after = {
        "src/shop/main.py": "import fastapi as fa\nimport json\n\nfa, json, Depends\n"
    }
    generated = {"src/shop/main.py": Entry(b"from fastapi import Depends\n", "core")}
    sources = {path: File(text.encode()) for path, text in before.items()}
    plan = gated(plan_of(before, after), "shop", sources, lambda: generated)
    assert not plan.findings
    (change,) = plan.changes
    assert change.after
    assert change.after.content.startswith(
        b"import fastapi as fa\nfrom fastapi import Depends\nimport json\n"
    )


def test_an_import_comes_back_below_a_text_with_an_odd_character():
    older = '"""A\u2028B"""\nimport json\nfrom fastapi import Depends\n\nx = 1\n'
    text = older.replace("from fastapi import Depends\n", "")
    *_, wanted = imports_at_top(older)
    assert with_imported(text, older, [wanted]) == older


def messages(plan: Plan, severity: Severity) -> list[str]:
    return [
        f"{f.path}:{f.line}: {f.message}"
        for f in plan.findings
        if f.severity is severity
    ]


def issues(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return messages(gate(before, after), Severity.ISSUE)


def warnings(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return messages(gate(before, after), Severity.WARNING)


BROKEN = {
    "def f(a, a): ...\n": "duplicate argument 'a'",
    "return 1\n": "'return' outside function",
    "def f():\n    nonlocal x\n": "no binding for nonlocal 'x' found",
    "def f():\n    print(x)\n    global x\n": "used prior to global declaration",
    "class A:\n    await f()\n": "'await' outside",
    "def show():\n    show = show(1)\n    return show\n": "F823",
    "from a import f\nx: f\ndef f(): ...\n": "`f` replaces the import of that name",
    "from a import D, T\nx: D\nD = T[int]\n": "`D` replaces the import of that name",
    "def f(): ...\ndef f(): ...\n": "F811",
    "__all__ = ['nothing']\n": "F822",
    "x = nothing\n": "F821",
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.items())
def test_new_python_that_would_fail_is_refused(text: str, reason: str) -> None:
    found = issues({}, {"src/shop/new.py": text})
    assert any(reason in message for message in found), found


@pytest.mark.parametrize("text", ["import os\n", "def f():\n    x = 1\n"])
def test_what_is_unused_in_a_new_file_is_no_reason_to_refuse(text: str) -> None:
    assert not gate({}, {"src/shop/new.py": text}).findings


def test_python_of_the_users_that_does_not_compile_may_be_changed() -> None:
    path = "src/shop/main.py"
    assert not issues({path: "return 1\n"}, {path: "return 1\nx = 1\n"})


KEPT = {
    "import json\nimport os\n": "import os\n",
    "import json as j\nimport os\n": "import os\n",
    "from json import dumps, loads\n": "from json import dumps\n",
    "from json import (\n    dumps,\n    loads as j,\n)\n": "from json import dumps\n",
    "import os\n\nfrom shop import prices\n": "import os\n",
    "from shop.prices import price\n": "",
    "from .prices import price as p\n": "",
    "import os\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
    "    import re\n    from json import loads\n": "import os\n"
    "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import re\n",
    '"""Doc."""\nfrom json import loads\n': '"""Doc."""\n',
    "from fastapi import Depends, FastAPI\n": "from fastapi import FastAPI\n",
}


@pytest.mark.parametrize(("imports", "left"), KEPT.items())
def test_an_import_that_the_users_code_still_uses_stays(imports, left) -> None:
    bound = ["json", "loads", "j", "prices", "price", "p", "Depends"]
    names = [name for name in bound if f" {name}\n" in imports.replace(",", "\n")]
    own = f"\n\ndef ours():\n    return {', '.join(names)}\n"
    other = {"src/shop/prices.py": "price = 1\n", "src/shop/b.py": "import fastapi\n"}
    path = "src/shop/main.py"
    before = {**other, path: imports + own}
    after = {**other, path: left + own + "\n\nx = 1\n"}
    plan = gate(before, after)
    assert not messages(plan, Severity.ISSUE)
    (change,) = plan.changes
    assert change.after == File((imports + own + "\n\nx = 1\n").encode())


def test_an_import_of_what_goes_is_refused_and_named() -> None:
    prices = {"src/shop/prices.py": "price = 1\n"}
    own = "\n\ndef ours():\n    return price\n"
    before = {"src/shop/main.py": "from shop.prices import price\n" + own, **prices}
    found = issues(before, {"src/shop/main.py": own})
    assert found == [
        "src/shop/main.py:4: uses price from shop.prices, which this removes"
    ]


def test_a_dependency_that_nothing_imports_any_more_is_not_kept() -> None:
    own = "\n\ndef ours():\n    return jwt\n"
    path = "src/shop/main.py"
    found = issues({path: "import jwt\n" + own}, {path: own})
    assert found == ["src/shop/main.py:4: uses jwt from jwt, which this removes"]


MODEL = "class Product:\n    title: str\n    body: str\n"
LESS = "class Product:\n    title: str\n"

USES = {
    "def f(product): return product.body": "`product.body`",
    "def f(products): return products[0].body": "`products[0].body`",
    "def f(new_product): return new_product.body": "`new_product.body`",
    "def f(self): return self.product.body": "`self.product.body`",
    "def f(p: Product): return p.body": "`p.body`",
    "def f(): return [p.body for p in Product.all()]": "`p.body`",
    "Product.body": "`Product.body`",
    "Product(body=1)": "passes `body` to Product()",
    "ProductFactory.build(body=1)": "passes `body` to ProductFactory.build()",
    "add_product(body=1)": "passes `body` to add_product()",
}


@pytest.mark.parametrize(("use", "named"), USES.items())
def test_attributes_that_are_removed_and_used_are_reported(use, named) -> None:
    own = {"src/shop/report.py": f"from shop.models import Product\n\n{use}\n"}
    path = "src/shop/models.py"
    found = warnings({path: MODEL, **own}, {path: LESS, **own})
    assert len(found) == 1
    assert found[0].startswith("src/shop/report.py:")
    assert named in found[0]


IN_CLASS = {
    "    def shout(self): return self.body.upper()": "`self.body`",
    "    @field_validator('body')\n    def short(cls, value): ...": "passes 'body'",
    "    indexes = (Index('ix_body', 'body'),)": "passes 'body' to Index()",
}


@pytest.mark.parametrize(("own", "named"), IN_CLASS.items())
def test_code_in_a_class_that_uses_a_removed_attribute_is_reported(own, named) -> None:
    path = "src/shop/models.py"
    found = warnings({path: f"{MODEL}{own}\n"}, {path: f"{LESS}{own}\n"})
    assert len(found) == 1
    assert named in found[0]


NO_USES = [
    "def f(request): return request.body",
    "def f(response): return response.body()",
    "def f(note: Note): return note.body",
    "def f(product: Note): return product.body",
    "def f(product_id): return product_id.title",
    "def f(body): return body",
    "Note(body=1)",
    "def f(email): return email.body",
]


@pytest.mark.parametrize("use", NO_USES)
def test_attributes_of_other_things_are_not_reported(use: str) -> None:
    own = {"src/shop/report.py": f"from shop.models import Product\n\n{use}\n"}
    path = "src/shop/models.py"
    assert not warnings({path: MODEL, **own}, {path: LESS, **own})


def test_a_rare_attribute_is_reported_whatever_the_variable_is_called() -> None:
    own = {"src/shop/report.py": "from m import Order\n\ndef f(row): row.vat_rate\n"}
    path = "src/shop/models.py"
    model = "class Order:\n    vat_rate: int\n    title: str\n"
    less = "class Order:\n    title: str\n"
    assert len(warnings({path: model, **own}, {path: less, **own})) == 1
    other = {"src/shop/cart.py": "class Cart:\n    vat_rate: int\n"}
    assert not warnings({path: model, **own, **other}, {path: less, **own, **other})


def test_inherited_attributes_are_removed_with_those_of_the_base_class() -> None:
    derived = "\n\n\nclass Product(ProductBase):\n    id: int\n"
    base = f"class ProductBase:\n    body: str{derived}"
    less = f"class ProductBase:\n    x: str{derived}"
    own = {"src/shop/report.py": "def f(product): return product.body\n"}
    path = "src/shop/models.py"
    assert len(warnings({path: base, **own}, {path: less, **own})) == 1
    moved = less.replace("id: int", "body: str")
    assert not warnings({path: base, **own}, {path: moved, **own})


FIXTURE = "import pytest\n\n\n@pytest.fixture{}\ndef {}():\n    return 1\n"


@pytest.mark.parametrize(
    ("definition", "use", "count"),
    [
        (FIXTURE.format("", "mailbox"), "def test_it(mailbox): ...", 1),
        (FIXTURE.format("(name='mailbox')", "_m"), "def test_it(mailbox): ...", 1),
        (
            FIXTURE.format("", "mailbox"),
            "import pytest\n\n\n@pytest.mark.usefixtures('mailbox')\n"
            "def test_it(): ...",
            1,
        ),
        (
            FIXTURE.format("", "mailbox"),
            "import pytest\n\n\n@pytest.mark.parametrize('mailbox', [1])\n"
            "def test_it(mailbox): ...",
            0,
        ),
        (FIXTURE.format("", "mailbox"), "def helper(mailbox): ...", 0),
        (
            FIXTURE.format("", "mailbox"),
            FIXTURE.format("", "mailbox") + "\n\ndef test_it(mailbox): ...",
            0,
        ),
    ],
)
def test_fixtures_that_are_removed_and_required_are_reported(
    definition: str, use: str, count: int
) -> None:
    own = {"tests/test_ours.py": f"{use}\n"}
    assert len(warnings({"tests/m.py": definition, **own}, own)) == count


def test_many_uses_are_counted() -> None:
    own = {"src/shop/r.py": "".join(f"product.body[{n}]\n" for n in range(40))}
    path = "src/shop/models.py"
    *named, last = warnings({path: MODEL, **own}, {path: LESS, **own})
    assert len(named) == 12
    assert "28 more places" in last


def test_imports_with_one_cause_are_one_issue() -> None:
    gone = {f"src/shop/products/{n}.py": "x = 1\n" for n in "abc"}
    text = "".join(f"from shop.products.{n} import x as x{n}\n" for n in "abc")
    own = {f"src/shop/r{n}.py": text for n in range(4)}
    found = issues({**gone, **own}, own)
    assert found == [
        "src/shop/r0.py:1: imports shop.products.a.x, which this removes; also"
        " src/shop/r0.py:2, src/shop/r0.py:3, src/shop/r1.py:1 and 8 more"
    ]


def test_a_new_import_of_what_the_project_lacks_names_the_file_to_restore() -> None:
    new = {"src/shop/tags.py": "from shop.errors import NotFound\n"}
    (issue,) = gate({}, new).findings
    assert "there is no src/shop/errors.py" in issue.message
    assert issue.fix == "restore src/shop/errors.py"
    errors = {"src/shop/errors.py": "x = 1\n"}
    (issue,) = gate(errors, {**errors, **new}).findings
    assert issue.fix == "restore NotFound in src/shop/errors.py"


def test_what_is_wrong_twice_in_a_line_is_said_once():
    before = {"src/shop/a.py": "x = 1\n"}
    plan = gate(before, {"src/shop/a.py": "x = [y, y]\n"})
    assert [f.message for f in plan.findings] == ["Undefined name `y` (F821)"]


def test_two_uses_in_a_line_are_one_warning():
    model = "class Product:\n    title: str\n    size: int\n"
    use = "from .models import Product\n\nnew = Product(title=old_product.title)\n"
    before = {"src/shop/models.py": model, "src/shop/use.py": use}
    after = {**before, "src/shop/models.py": model.replace("    title: str\n", "")}
    (finding,) = gate(before, after).findings
    assert finding.message == (
        "passes `title` to Product() and uses `old_product.title`, which this removes"
        " from Product"
    )


def test_the_new_place_of_code_is_said_only_if_it_is_known():
    path, home = "src/shop/main.py", "src/shop/factory.py"
    before, after = "import json\n\njson\n", "import json\nimport re\n\njson\n"
    generated = {path: Entry(b"import re\n\n\ndef make():\n    re\n", "core")}

    def warning(homes: dict[tuple[str, str], str]) -> str:
        plan = plan_of({path: before}, {path: after})
        given = (plan, "shop", {path: File(before.encode())}, lambda: generated)
        (finding,) = gated(*given, homes=homes).findings
        return finding.message

    unused = "`re` imported but unused (F401)"
    assert warning({(path, "make"): home}) == (
        f"{unused}; use it in {home}, to which you moved its code"
    )
    assert warning({(path, "other"): home}) == unused
    assert warning({}) == unused


def test_an_import_that_failed_before_is_the_users_to_fix():
    use = "src/shop/use.py"
    text = "from shop.models import Gone\n\nprint(Gone)\n"
    before = {"src/shop/models.py": "x = 1\n", use: text}
    assert not gate(before, {**before, use: f"{text}print(1)\n"}).findings
    more = f"from shop.models import New\n{text}print(New)\n"
    (issue,) = gate(before, {**before, use: more}).findings
    assert "shop.models.New" in issue.message
