"""Three versions of a TOML file become one, key by key."""

import tomllib

import pytest

from fastgen.merge.structure.blocks import Merged, Unreadable
from fastgen.merge.toml import merged_toml
from fastgen.merge.toml.scan import document_group

PROJECT = """\
[project]
name = "x"
dependencies = [
    "fastapi[standard]>=0.1",
    "uvicorn",
]

[tool.ruff]
line-length = 88
lint.select = ["E"]

[tool.pytest]
addopts = "-ra"
"""


def changed(*changes: tuple[str, str]) -> str:
    text = PROJECT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def assert_merges(base: str, next_: str, user: str, expected: str) -> None:
    """The merge is `expected`, and going back gives the user's text again."""
    assert merged_toml(base, next_, user) == Merged(expected)
    assert merged_toml(next_, base, expected) == Merged(user)


def test_dependencies_at_the_same_place():
    line = '    "uvicorn",\n'
    next_ = changed((line, f'    "structlog>=26",\n{line}'))
    user = changed((line, f'    "rich",  # ours\n{line}'))
    expected = changed((line, f'    "rich",  # ours\n    "structlog>=26",\n{line}'))
    assert_merges(PROJECT, next_, user, expected)


def test_a_requirement_is_known_by_its_name():
    next_ = changed(('"uvicorn"', '"uvicorn>=0.40"'))
    user = changed(('"fastapi[standard]>=0.1"', '"FastAPI>=0.2"'))
    expected = changed(
        ('"uvicorn"', '"uvicorn>=0.40"'), ('"fastapi[standard]>=0.1"', '"FastAPI>=0.2"')
    )
    assert_merges(PROJECT, next_, user, expected)


def test_a_bound_that_the_user_chose_stays_and_is_told():
    user = changed(('"fastapi[standard]>=0.1"', '"FastAPI>=0.2"'))
    merged = merged_toml(PROJECT, changed((">=0.1", ">=0.3")), user)
    assert (merged.text, merged.clashes) == (user, ())
    assert merged.left_alone == ("[project] > dependencies > FastAPI>=0.2",)


def test_a_table_that_both_add_and_one_that_stays_with_the_users_keys():
    added, own = "\n[tool.mypy]\nstrict = true\n", "\n[tool.mypy]\npretty = true\n"
    expected = PROJECT + "\n[tool.mypy]\npretty = true\nstrict = true\n"
    assert_merges(PROJECT, PROJECT + added, PROJECT + own, expected)


def test_new_tables_keep_their_place_and_blank_lines():
    head = "[tool.pytest]"
    next_ = changed((head, f"[tool.mypy]\nstrict = true\n\n{head}"))
    user = changed((head, f"# ours\n\n[tool.own]\na = 1\n\n# tests\n{head}"))
    expected = user.replace("# ours", "[tool.mypy]\nstrict = true\n\n# ours")
    assert_merges(PROJECT, next_, user, expected)


@pytest.mark.parametrize(
    "next_lint",
    [
        '\n[tool.ruff.lint]\nselect = ["E", "F"]\nignore = ["X"]\n',
        'lint.select = ["E", "F"]\nlint.ignore = ["X"]\n',
    ],
)
@pytest.mark.parametrize(
    "lint",
    ['lint.select = ["E"]\n', '\n[tool.ruff.lint]\nselect = ["E"]\n'],
)
def test_dotted_keys_and_tables_are_the_same_keys(next_lint, lint):
    line = 'lint.select = ["E"]\n'
    user = changed((line, lint), ("88", "100"))
    merged = merged_toml(PROJECT, changed((line, next_lint)), user)
    assert merged.clashes == ()
    lint_table = tomllib.loads(merged.text)["tool"]["ruff"]["lint"]
    assert lint_table == {"select": ["E", "F"], "ignore": ["X"]}
    assert merged.text.count("[tool.ruff.lint]") == lint.count("[tool.ruff.lint]")


def test_an_inline_table_is_merged_by_key():
    base, next_ = "a = { x = 1, y = [1] }\n", "a = { x = 1, y = [1], z = 3 }\n"
    assert_merges(
        base, next_, "a = { x = 2, y = [1, 2] }\n", "a = { x = 2, y = [1, 2], z = 3 }\n"
    )


def test_a_table_between_braces_is_the_same_table():
    base = '[a]\nx = 1\ny = ["p"]\n\n[a.b]\nc = 1\n\n[d]\ne = 1\n'
    next_ = base.replace('"p"', '"p", "q"').replace("c = 1", "c = 1\nz = 2")
    user = 'a = { x = 7, y = ["p"], b = { c = 1 } }\n\n[d]\ne = 1\n'
    expected = user.replace('"p"', '"p", "q"').replace("c = 1 ", "c = 1, z = 2 ")
    assert_merges(base, next_, user, expected)


def test_only_the_change_that_does_not_fit_conflicts():
    base, user = "[a]\nx = 1\n", "[a]\nx = 1\nb = 7\n"
    merged = merged_toml(base, "[a]\nx = 2\n\n[a.b]\nd = 1\n", user)
    assert merged.text == user.replace("x = 1", "x = 2")
    (clash,) = merged.clashes
    assert clash.where == "[a.b]"
    assert "do not fit together" in clash.reason


def test_tables_of_an_array_are_known_by_their_names():
    base = '[[x]]\nname = "a"\nv = 1\n[x.sub]\nk = 1\n\n[[x]]\nname = "b"\nv = 2\n'
    next_ = base.replace("v = 2", "v = 3")
    user = f'[[x]]\nname = "own"\n\n{base}'
    assert_merges(base, next_, user, user.replace("v = 2", "v = 3"))


def test_a_changed_value_and_a_dropped_key_conflict_where_the_user_changed_them():
    user = changed(('"-ra"', '"-q"'))
    clash = merged_toml(PROJECT, changed(('"-ra"', '"-x"')), user).clashes[0]
    assert (clash.where, clash.line) == ("[tool.pytest] > addopts", 13)
    dropped = merged_toml(PROJECT, changed(('addopts = "-ra"\n', "")), user)
    assert dropped.clashes[0].reason == "you changed it, and fastgen removes it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        'a.b . "c d" = 1 # x\n\'e\' = """\n[not]\n# a table"""\n',
        "x = [ # one\n  [1, 2], # two\n  {a = 1, b = ']'},\n\n # end\n]\n",
        "d = 1979-05-27 07:32:00\nf = 1e3\ns = '''it''s'''\nü = 'ö€😀'\n".replace(
            "ü", '"ü"'
        ),
        "[a] # a\n  x = 1\n  # end of a\n\n# of b\n[ b . c ]\n[[d]]\n[d.e]\n[[d]]",
    ],
)
def test_every_text_is_kept_byte_for_byte(text):
    assert document_group(text).text == text
    own = f"{text}\n[own]\n"
    assert merged_toml(text, f"zzz = 1\n{text}", own) == Merged(f"zzz = 1\n{own}")


def test_a_text_of_comments_alone():
    assert document_group("# only\n\n# comments").text == "# only\n\n# comments"


def test_a_text_that_is_not_toml_is_unreadable():
    with pytest.raises(Unreadable) as caught:
        merged_toml("", "", "a = 1\nb = \n")
    assert caught.value.line == 2


def test_keys_in_another_order_are_the_same_table():
    base = "[tool.a]\nx = 1\n"
    table = '[tool.a]\nx = 1\n\n[[tool.b]]\nname = "one"\nvalue = {k = 1, l = 2}\n'
    user = '[tool.a]\nx = 1\n\n[[tool.b]]\nvalue = {l = 2, k = 1}\nname = "one"\n'
    assert merged_toml(base, table, user).text == user
    assert merged_toml(table, base, user).text == base


def test_a_table_with_a_comment_behind_its_header_goes_and_the_comment_stays():
    base, next_ = "a = 1\n\n[b]\nc = 1\n\n[d]\n", "a = 1\n\n[d]\n"
    user = base.replace("[b]", "[b]  # ours")
    assert merged_toml(base, next_, user) == Merged("a = 1\n\n# ours\n\n[d]\n")
