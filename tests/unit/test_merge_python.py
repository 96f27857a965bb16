"""Three versions of a Python file become one, statement by statement."""

from textwrap import dedent

import pytest

from fastgen.merge.python import merged_python
from fastgen.merge.python.statements import module_group
from fastgen.merge.structure.blocks import Deleted, Merged, Unreadable

MAIN = """\
from fastapi import FastAPI

from myapi import health
from myapi.errors import handlers


def create_app():
    app = FastAPI(title="x", lifespan=lifespan)
    # The last one added is the first to see a request.
    app.add_middleware(RequestId, header="X-Request-Id")

    app.include_router(health.router)
    return app
"""


def merge(base: str, next_: str, user: str) -> Merged:
    return merged_python(*(dedent(text) for text in (base, next_, user)))


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def assert_merges(base: str, next_: str, user: str, expected: str) -> None:
    """The merge is `expected`, and going back gives the user's text again."""
    base, next_, user, expected = map(dedent, (base, next_, user, expected))
    merged = merged_python(base, next_, user)
    assert merged.clashes == ()
    assert merged.text == expected
    assert merged_python(next_, base, expected) == Merged(user)


def assert_clash(base: str, next_: str, user: str, where: str, line: int) -> None:
    merged = merge(base, next_, user)
    assert [(clash.where, clash.line) for clash in merged.clashes] == [(where, line)]
    assert merged.text == dedent(user)


def test_both_sides_insert_in_the_same_places():
    next_ = changed(
        MAIN,
        ("import FastAPI", "import APIRouter, FastAPI"),
        (
            "from myapi.errors",
            "from myapi.auth import router as auth\nfrom myapi.errors",
        ),
        ("    return app", "    app.include_router(auth)\n    return app"),
    )
    user = changed(
        MAIN,
        ("import FastAPI", "import Depends, FastAPI  # noqa: X"),
        (
            "from myapi.errors",
            "from myapi.blog import router as blog\nfrom myapi.errors",
        ),
        ("    return app", "    app.include_router(blog)  # ours\n    return app"),
    )
    expected = changed(
        user,
        ("import Depends", "import APIRouter, Depends"),
        ("from myapi.blog", "from myapi.auth import router as auth\nfrom myapi.blog"),
        (
            "    app.include_router(blog)",
            "    app.include_router(auth)\n    app.include_router(blog)",
        ),
    )
    assert_merges(MAIN, next_, user, expected)


def test_a_new_first_statement_does_not_repeat_the_comment_above():
    line = "    app.add_middleware({})\n"
    comment = "see a request.\n"
    next_ = changed(MAIN, (comment, comment + line.format("Cors")))
    user = changed(MAIN, (comment, comment + line.format("Mine")))
    title = 'title="x", lifespan=lifespan)\n'
    expected = changed(user, (title, title + line.format("Cors")))
    assert_merges(MAIN, next_, user, expected)


def test_a_name_too_many_wraps_the_import_and_its_removal_unwraps_it():
    base = "from myapi.models import FirstThing, SecondThing\n"
    next_ = "from myapi.models import FirstThing, NextThing, SecondThing\n"
    user = changed(
        base, ("Second", "OwnThing, Second"), ("\n", ", YetAnotherThingHere\n")
    )
    expected = """\
        from myapi.models import (
            FirstThing,
            NextThing,
            OwnThing,
            SecondThing,
            YetAnotherThingHere,
        )
        """
    assert_merges(base, next_, user, expected)


def test_arguments_that_no_longer_fit_share_one_line_before_each_gets_its_own():
    base = "app = FastAPI(title=title)\n"
    next_ = "app = FastAPI(title=title, lifespan=lifespan, responses=RESPONSES)\n"
    user = "app = FastAPI(title=title, description=description)\n"
    expected = """\
        app = FastAPI(
            title=title, lifespan=lifespan, responses=RESPONSES, description=description
        )
        """
    assert_merges(base, next_, user, expected)


def test_a_file_with_long_lines_is_not_wrapped_at_88():
    long = "value = function({})\n"
    arguments = [f"argument_number_{n}={n}" for n in range(4)]
    text = long.format(", ".join(arguments))
    base = text + text.replace("value", "other")
    next_ = base.replace("number_1=1", "number_1=7", 1)
    merged = merge(base, next_, base.replace("number_3=3", "number_3=8", 1))
    assert merged.text == next_.replace("number_3=3", "number_3=8", 1)


@pytest.mark.parametrize(
    ("base", "next_", "user", "expected"),
    [
        ("x = [1, 2]", "x = [1, 2, 3]", "x = [0, 1, 2]", "x = [0, 1, 2, 3]"),
        ("x = []", "x = [1]", "x = [  # ours\n]", "x = [  # ours\n    1,\n]"),
        ("x = (a,)", "x = (a, b)", "x = (own, a,)", "x = (own, a, b,)"),
        (
            "x = {\n    'a': 1,\n    'b': 2,\n}",
            "x = {\n    'a': 1,\n    'b': 3,\n}",
            "x = {\n    # one\n    'a': 9,  # nine\n    'b': 2\n}",
            "x = {\n    # one\n    'a': 9,  # nine\n    'b': 3\n}",
        ),
        (
            "f(a, key=[\n    1,\n])",
            "f(a, key=[\n    1,\n    2,\n])",
            "f(a, own=x, key=[\n    1,\n    0,\n])",
            "f(a, own=x, key=[\n    1,\n    2,\n    0,\n])",
        ),
        (
            "def f(a: int, *, b=1) -> int:\n    return 1",
            "def f(a: int, *, b=1, c=2) -> int:\n    return 1",
            "def f(a: str, *, b=1) -> int:\n    return 1",
            "def f(a: str, *, b=1, c=2) -> int:\n    return 1",
        ),
        (
            "@get('/', a=1)\nasync def f():\n    return 1",
            "@get('/', a=2)\nasync def f():\n    return 1",
            "@own\n@get('/', a=1, b=1)\nasync def f():\n    return 1",
            "@own\n@get('/', a=2, b=1)\nasync def f():\n    return 1",
        ),
    ],
)
def test_elements_are_merged_one_by_one(base, next_, user, expected):
    assert merge(base, next_, user) == Merged(expected)


def test_a_comment_keeps_a_list_open():
    merged = merge("x = [1]", "x = [1, 2]", "x = [1, 0]  # ours")
    assert merged == Merged("x = [1, 2, 0]  # ours")
    merged = merge("x = [1, 2]", "x = [2]", "x = [\n    # ours\n    1,\n    2,\n]")
    assert merged == Merged("x = [\n    # ours\n    2,\n]")


def test_blank_lines_are_neither_doubled_nor_lost():
    base = """\
        class Settings:
            debug: bool = False

            def first(self):
                return 1


        def last():
            return 2
        """
    next_ = """\
        class Settings:
            debug: bool = False
            auth: Auth = Auth()

            def new(self):
                return 0

            def first(self):
                return 1


        def new():
            return 2


        def last():
            return 2
        """
    user = """\
        class Settings:
            debug: bool = False
            mine: int = 1

            def own(self):
                return 3

            def first(self):
                return 1


        OWN = 1


        def last():
            return 2
        """
    expected = """\
        class Settings:
            debug: bool = False
            auth: Auth = Auth()
            mine: int = 1

            def new(self):
                return 0

            def own(self):
                return 3

            def first(self):
                return 1


        def new():
            return 2


        OWN = 1


        def last():
            return 2
        """
    assert_merges(base, next_, user, expected)


def test_the_docstring_and_future_imports_stay_first():
    merged = merge(
        "import os\n",
        "from __future__ import annotations\n\nimport os\n",
        '"""Ours."""\n\nimport abc\nimport os\n',
    )
    assert merged.clashes == ()
    assert merged.text.startswith('"""Ours."""\n\nfrom __future__ import annotations\n')


def test_new_imports_go_to_their_sorted_place_and_statements_after_their_predecessor():
    base = "import os\nimport sys\n\nfirst()\nlast()\n"
    next_ = "import os\nimport re\nimport sys\n\nfirst()\nbefore()\nlast()\n"
    user = "import abc\nimport os\nimport pty\nimport sys\n\nfirst()\nzoo()\nlast()\n"
    merged = merge(base, next_, user)
    assert merged.text == (
        "import abc\nimport os\nimport pty\nimport re\nimport sys\n\n"
        "first()\nbefore()\nzoo()\nlast()\n"
    )


def test_what_the_user_deleted_stays_deleted_and_is_named_where_fastgen_changed_it():
    user = changed(MAIN, ("    app.include_router(health.router)\n", ""), ("x", "y"))
    include = "    app.include_router(health.router"
    next_ = changed(MAIN, (include, f'{include}, prefix="/h"'))
    merged = merged_python(MAIN, next_, user)
    where = "def create_app > app.include_router(health.router)"
    line = 'app.include_router(health.router, prefix="/h")'
    assert merged == Merged(user, (), (Deleted(where, (line,)),))


def test_what_fastgen_drops_goes_and_the_users_comment_above_it_stays():
    base = "first()\n# theirs\nsecond()\nthird()\n"
    user = "first()\n# theirs\n# ours\nsecond()\nthird()\n"
    merged = merge(base, "first()\nthird()\n", user)
    assert merged == Merged("first()\n# ours\nthird()\n")


def test_a_renamed_function_is_known_by_its_body():
    base = "def one():\n    a()\n    b()\n    return c()\n"
    next_ = changed(base, ("b()", "b(1)"))
    user = changed(base, ("one", "uno"))
    assert merge(base, next_, user) == Merged(changed(user, ("b()", "b(1)")))


def test_both_sides_change_the_order():
    merged = merge("a()\nb()\nc()\n", "b()\na()\nc()\n", "a()\nc()\nb()\n")
    assert [clash.reason for clash in merged.clashes] == [
        "you and fastgen both changed the order"
    ]


def test_two_changes_of_the_order_that_do_not_cross_are_merged():
    base = "a()\nb()\nc()\nd()\n"
    next_ = "b()\na()\nnew()\nc()\nd()\n"
    merged = merge(base, next_, "a()\nb()\nd()\nown()\nc()\n")
    assert merged == Merged("b()\na()\nnew()\nd()\nown()\nc()\n")


def test_fastgens_new_order_is_followed_around_the_users_statements():
    merged = merge("a()\nb()\nc()\n", "b()\na()\nc()\n", "a()\nown()\nb()\nc()\n")
    assert merged == Merged("b()\na()\nown()\nc()\n")


def test_the_very_argument_that_both_change_conflicts():
    assert_clash(
        MAIN,
        changed(MAIN, ('"X-Request-Id"', '"Request-Id"')),
        changed(MAIN, ('"X-Request-Id"', '"X-Id"')),
        "def create_app > app.add_middleware(RequestId) > header",
        10,
    )


@pytest.mark.parametrize("rest", ["", ", x=1", ", y"])
def test_the_first_argument_of_a_call_that_both_change_conflicts(rest: str):
    base, next_, user = (f"a()\nadd({word}{rest})\nb()\n" for word in ("A", "B", "C"))
    merged = merged_python(base, next_, user)
    assert merged.text == user
    assert [clash.line for clash in merged.clashes] == [2]


def test_an_edited_statement_that_fastgen_takes_away_conflicts():
    assert_clash(
        MAIN,
        changed(MAIN, ("    app.include_router(health.router)\n", "")),
        changed(MAIN, ("health.router)", 'health.router, prefix="/h")')),
        "def create_app > app.include_router(health.router)",
        12,
    )


def test_a_class_whose_methods_the_user_only_reordered_is_taken_away():
    one, two = "    def one(self):\n        f()\n", "    def two(self):\n        g()\n"
    rest = "X = 1\n"
    base, user = (f"class A:\n{body}\n\n{rest}" for body in (one + two, two + one))
    merged = merged_python(base, rest, user)
    assert (merged.text, merged.clashes) == (rest, ())
    kept = merged_python(base, rest, user.replace("g()", "h()"))
    assert len(kept.clashes) == 1


def test_one_keyword_added_with_two_values_conflicts():
    assert_clash("f(a)\n", "f(a, key=1)\n", "g()\nf(a, key=2)\n", "f(a) > key", 2)


def test_two_functions_of_one_name_conflict():
    assert_clash("", "def f():\n    return 1\n", "def f():\n    return 2\n", "def f", 1)


def test_a_result_that_would_not_compile_conflicts():
    base, next_ = "def f():\n    a()\n", "def f():\n    a()\n    global x\n"
    user = "def f():\n    x = 1\n    a()\n"
    merged = merge(base, next_, user)
    assert merged.text == user
    assert "assigned to before global" in merged.clashes[0].reason


def test_indentation_is_the_users():
    base = "def f():\n    a()\n    if x:\n        b()\n"
    next_ = base + "        c(\n            1,\n        )\n"
    user = "def f():\n\ta()\n\town()\n\tif x:\n\t\tb()\n"
    expected = user + "\t\tc(\n\t\t    1,\n\t\t)\n"
    assert merge(base, next_, user) == Merged(expected)


def test_the_text_of_a_string_is_never_indented():
    base = "def f():\n    a()\n"
    next_ = base + '    sql = """\n    SELECT\n    """\n'
    user = "def f():\n  a()\n  own()\n"
    merged = merge(base, next_, user)
    assert merged == Merged(
        'def f():\n  a()\n  sql = """\n    SELECT\n    """\n  own()\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# only a comment",
        "x = 1; y = 2  # two\n",
        "if x: y = 1\nelse: z = 2\n",
        "x = 'ä€😀'; f('ä', [1, 'é'], k='😀')  # ü\n",
        "def f():\n\tif x:\n\t\treturn 1\n\t\t# end\n\t# of f\n# of all",
        "match x:\n  # 1\n  case [1, *_] if y:\n    z()\n  case _:\n    y()\n",
        "try:\n a()\n# b\nexcept* E:  # e\n b()\nelse:\n c()\nfinally:\n d()\n",
        "@a(1)  # a\n# b\n@b\nclass C(A, metaclass=M):  # c\n    x = f'{a:>{b}},{c}'\n",
        "from a import (  # a\n    b,  # b\n    # c\n    c as d,\n)\nfrom . import *\n",
        "x = f(  # open\n    a  # a\n    , b,\n\n    # last\n)\n",
        "from a import b, \\\n    c\nassert x, \\\n    y\n",
        "async def f(a, /, b, *, c: int = 1, **k) -> d[e]:\n    await g(*a, **k)\n",
        "x = [i for i in y]\nf(i for i in y)\nx = (yield)\n",
    ],
)
def test_every_text_is_kept_byte_for_byte(text):
    assert module_group(text).text == text
    merged = merged_python(text, f"{text}\nnext_()\n", f"own()\n{text}")
    assert merged.clashes == ()
    assert merged.text.replace("own()\n", "", 1).startswith(text.rstrip("\n"))


@pytest.mark.parametrize(
    ("text", "line"), [("x = (\n", 1), ("a\n  b\n", 2), ("x = 'a\rb'\n", 1), ("\0", 1)]
)
def test_a_text_that_is_not_python_is_unreadable(text, line):
    with pytest.raises(Unreadable) as caught:
        merged_python("", "x = 1\n", text)
    assert caught.value.line == line


def test_both_sides_may_change_the_order_of_imports():
    base = "import b\nfrom c import x\nfrom a import y\n\nb, x, y\n"
    next_ = "import b\nfrom a import y\nfrom c import x\n\nb, x, y\n"
    user = "from c import x\nimport b\nfrom a import y\n\nb, x, y\n"
    assert merge(base, next_, user) == Merged(user)


def test_a_docstring_is_merged_by_line():
    base = 'def f():\n    """Run Granian."""\n    a()\n'
    user = changed(base, ("Granian.", "Granian.\n\n    Not on Friday.\n    "))
    next_ = changed(base, ("Granian", "Uvicorn"))
    assert merge(base, next_, user) == Merged(changed(user, ("Granian", "Uvicorn")))
    (clash,) = merge(base, next_, changed(base, ("Granian", "it"))).clashes
    assert clash.where == "def f > docstring"


def test_both_sides_may_change_the_order_of_variables():
    base, next_, user = (
        "a = 1\nb = 2\nc = 3\n",
        "b = 2\na = 1\nc = 3\n",
        "a = 1\nc = 3\nb = 2\n",
    )
    assert merge(base, next_, user) == Merged(user)


def test_both_sides_may_change_the_order_of_fields_and_keywords():
    base = "class A(Model):\n    x: int\n    y: str\n    z: bool = f(a=1, b=2, c=3)\n"
    next_ = "class A(Model):\n    z: bool = f(c=3, a=1, b=2)\n    x: int\n    y: str\n"
    user = "class A(Model):\n    y: str\n    x: int\n    z: bool = f(b=2, a=1, c=3)\n"
    assert merge(base, next_, user) == Merged(user)


def test_keywords_in_another_order_are_no_change():
    base = "Title = Annotated[str, Field(min_length=1, max_length=9)]\nf(a=1, b=2)\n"
    user = "Title = Annotated[str, Field(max_length=9, min_length=1)]\nf(b=2, a=1)\n"
    assert merge(base, "", user) == Merged("")
    next_ = changed(base, ("=9", "=8"))
    assert merge(base, next_, user) == Merged(changed(next_, ("a=1, b=2", "b=2, a=1")))


def test_both_sides_may_not_change_the_order_of_calls():
    base, next_, user = "a()\nb()\nc()\n", "b()\na()\nc()\n", "a()\nc()\nb()\n"
    assert merge(base, next_, user).clashes
