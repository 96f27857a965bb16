"""What stands inside belongs to its head: arguments to the function that is called,
statements to a class or to a condition."""

import pytest

from fastgen.merge.structure.threeway import OTHER_HEAD
from fastgen.merge.text import TextMerge, Versions, text_merges

CALL = "w: Mapped[str] = mapped_column(String(200))\n"
WRAPPED = "x = first(\n    1,\n    2,\n    3,\n)\n"
CLASS = "class A(B, C):\n    x = 1\n    y = 1\n    z = 1\n"
BRANCH = "def f():\n    if a:\n        x()\n        y()\n        z()\n"


def merge(base: str, next_: str, user: str, path: str = "a.py") -> TextMerge:
    return text_merges({path: Versions(base, next_, user)})[path]


@pytest.mark.parametrize(
    ("base", "next_", "user"),
    [
        (
            CALL,
            "w: str = Field(max_length=200)\n",
            CALL.replace("00)", '00), comment="x"'),
        ),
        ("x = f(g(a=1))\n", "x = f(h(a=1))\n", "x = f(g(a=1, b=2))\n"),
        ("x = f(a=1)\n", "x = f(a=2)\n", "x = g(a=1)\n"),
        (
            WRAPPED,
            WRAPPED.replace("first", "last"),
            WRAPPED.replace("3,", "3,\n    own=4,"),
        ),
        (
            WRAPPED,
            WRAPPED.replace("3,", "3,\n    new=4,"),
            WRAPPED.replace("first", "own"),
        ),
        ("x = {1: 2}\n", "x = [1]\n", "x = {1: 2, 3: 4}\n"),
        (
            CLASS,
            CLASS.replace("(B, C)", "(B, D)"),
            CLASS.replace("z = 1", "z = 1\n    own = 1"),
        ),
        (
            BRANCH,
            BRANCH.replace("if a", "if b"),
            BRANCH.replace("z()", "z()\n        own()"),
        ),
        (
            BRANCH.replace("if a", "with a()"),
            BRANCH.replace("if a", "with b()"),
            BRANCH.replace("if a", "with a()").replace("z()", "z()\n        own()"),
        ),
    ],
)
def test_a_new_head_with_the_others_contents_conflicts(base, next_, user):
    merged = merge(base, next_, user)
    assert [clash.reason for clash in merged.clashes] == [OTHER_HEAD]
    assert merged.text == user


@pytest.mark.parametrize(
    ("base", "next_", "user"),
    [
        ("[a]\nx = [1]\n", "[a]\nx = { y = 1 }\n", "[a]\nx = [1, 2]\n"),
        ("[a]\nx = { y = 1 }\n", "[a]\nx = [1]\n", "[a]\nx = { y = 1, z = 2 }\n"),
    ],
)
def test_a_value_of_another_type_in_toml_conflicts(base, next_, user):
    assert merge(base, next_, user, "a.toml").clashes


def test_a_value_of_another_type_in_yaml_conflicts():
    base, next_ = "a:\n  b: 1\n  c: 1\n", "a:\n  - b\n  - c\n"
    assert merge(base, next_, "a:\n  b: 1\n  c: 1\n  d: 1\n", "a.yaml").clashes


@pytest.mark.parametrize(
    ("base", "next_", "user", "expected"),
    [
        (
            CALL,
            CALL.replace("[str]", "[str | None]"),
            CALL.replace("00)", '00), comment="x"'),
            CALL.replace("[str]", "[str | None]").replace("00)", '00), comment="x"'),
        ),
        (
            CALL,
            "w: str = Field()\n",
            f"{CALL[:-1]}  # mine\n",
            "w: str = Field()  # mine\n",
        ),
        (CALL, "w: str = Field()\n", CALL.replace("200", "200,"), "w: str = Field()\n"),
        ("x = f(a=1)\n", "x = f(a=1, b=2)\n", "x = m.f(a=1)\n", "x = m.f(a=1, b=2)\n"),
        (
            CLASS,
            CLASS.replace("z = 1", "z = 2"),
            CLASS.replace("(B, C)", "(Own, B, C)"),
            CLASS.replace("z = 1", "z = 2").replace("(B, C)", "(Own, B, C)"),
        ),
        (
            CLASS,
            CLASS.replace("(B, C)", "(B, C, table=True)"),
            CLASS.replace("x = 1", "x = 1\n    own = 1"),
            CLASS.replace("(B, C)", "(B, C, table=True)").replace(
                "x = 1", "x = 1\n    own = 1"
            ),
        ),
    ],
)
def test_what_does_not_depend_on_the_head_merges(base, next_, user, expected):
    merged = merge(base, next_, user)
    assert (merged.text, merged.clashes) == (expected, ())


def test_everything_else_is_taken_where_one_change_does_not_fit():
    base = "a()\n\n\ndef f():\n    b()\n\n\nc()\n"
    next_ = "a(1)\n\n\ndef f():\n    b()\n    global x\n\n\nc(1)\n"
    user = "mine()\na()\n\n\ndef f():\n    x = 1\n    b()\n\n\nc()\n"
    merged = merge(base, next_, user)
    (clash,) = merged.clashes
    assert clash.where.startswith("def f")
    assert merged.text == user.replace("\na()", "\na(1)").replace("c()", "c(1)")
