"""`# % if ...` in a template: Jinja, in a line that is a comment of Python."""

import pytest

from fastgen.render.jinja import BrokenTemplate, rendered_text

FUNCTION = """\
def greet() -> str:
    # % if loud
    text = "HELLO"

    # % elif polite
    text = "Good day"
    # % else
    text = "hello"
    # % endif
    return text
"""


def rendered(source: str, **context: object) -> str:
    return rendered_text(source, context, "x.py")


@pytest.mark.parametrize(
    ("context", "lines"),
    [
        ({"loud": True}, ['    text = "HELLO"', ""]),
        ({"loud": False, "polite": True}, ['    text = "Good day"']),
        ({"loud": False, "polite": False}, ['    text = "hello"']),
    ],
)
def test_marked_lines_choose_a_block_and_are_not_in_the_output(context, lines):
    expected = ["def greet() -> str:", *lines, "    return text", ""]
    assert rendered(FUNCTION, **context).split("\n") == expected


def test_a_marked_line_stands_in_any_text_format():
    source = "on:\n  # % for name in names\n  - {{ name }}\n  # % endfor\n"
    assert rendered(source, names=["a", "b"]) == "on:\n  - a\n  - b\n"
    assert rendered(source, names=[]) == "on:\n"


def test_blank_lines_stay_before_a_marked_line_and_go_after_it():
    source = "a\n\n# % if true\n\nb\n\n# % endif\n\nc\n"
    assert rendered(source) == "a\n\nb\n\nc\n"


def test_windows_line_ends_do_not_hide_a_marked_line():
    assert rendered("a\r\n# % if false\r\nb\r\n# % endif\r\nc\r\n") == "a\nc\n"


@pytest.mark.parametrize(
    "comment",
    [
        "# plain",
        "# 50 % of all",
        "#% if false",
        "#  % if false",
        "## % if false",
        "x = 1  # % if false",
        "text = '# % if false'",
    ],
)
def test_other_comments_stay_as_they_are(comment):
    assert rendered(f"{comment}\ny = 2\n") == f"{comment}\ny = 2\n"


@pytest.mark.parametrize(
    "comment", ["# %% a cell", "# %s is the name", "# % of all", "    # %% a cell"]
)
def test_a_comment_that_begins_like_a_marked_line_is_refused_with_its_place(comment):
    with pytest.raises(BrokenTemplate) as refusal:
        rendered(f"x = 1\n{comment}\n")
    message = str(refusal.value)
    assert "x.py:2" in message
    assert "a line that begins with `# %` is a Jinja statement" in message


def test_such_a_comment_is_written_as_a_value():
    assert rendered("{{ '# %% a cell' }}\n") == "# %% a cell\n"


@pytest.mark.parametrize(
    "source", ["# % if true\nx\n", "x\n# % endif\n", "# % if true\nx\n# % endfor\n"]
)
def test_a_block_that_does_not_close_is_refused(source):
    with pytest.raises(BrokenTemplate, match=r"x\.py:\d"):
        rendered(source)


def test_a_mistake_elsewhere_does_not_speak_of_marked_lines():
    with pytest.raises(BrokenTemplate) as refusal:
        rendered("# % if true\n{{ 1 + }}\n# % endif\n")
    assert "begins with" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("a\n  {{ empty }}\nb\n", "a\nb\n"),
        ("a\n{{ empty }}", "a\n"),
        ("a\r\n{{ empty }}\r\nb\r\n", "a\nb\n"),
        ("{{ zero }}\n{{ no }}\n", "0\nFalse\n"),
        ("{% set x %}\n{{ empty }}\n{% endset %}[{{ x }}]", "[\n]"),
        ("{% raw %}\n{{ x }}\n{% endraw %}\n", "\n{{ x }}\n"),
        ("{{ empty -}}\nb\n", "b\n"),
        ("{{ 1 if no }}\nb\n", "b\n"),
        ("{{ empty }} {{ empty }}\n", " \n"),
    ],
)
def test_a_line_with_nothing_but_an_empty_value_is_left_out(text, rendered):
    values = {"empty": "", "zero": 0, "no": False}
    assert rendered_text(text, values, "a.txt") == rendered
