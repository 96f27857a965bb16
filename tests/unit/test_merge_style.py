"""What fastgen adds comes in the format that the user's configuration asks for."""

from fastgen.merge.user_style import in_user_style
from fastgen.tree import Entry, File, Tree

OURS, THEIRS = (b"[tool.ruff]\nline-length = %d\n" % width for width in (88, 100))

SHORT = b"first()\n"
ADDED = SHORT + b"second(\n    " + b"a" * 40 + b", " + b"b" * 40 + b"\n)\n"
UNWRAPPED = SHORT + b"second(" + b"a" * 40 + b", " + b"b" * 40 + b")\n"


def tree(code: bytes) -> Tree:
    return {"a.py": Entry(code, "x"), "pyproject.toml": Entry(OURS, "x")}


def test_a_file_that_both_widths_leave_alone_gets_new_lines_in_the_users_width():
    user = {"a.py": File(SHORT), "pyproject.toml": File(THEIRS)}
    _, next_ = in_user_style(tree(SHORT), tree(ADDED), user)
    assert next_["a.py"].content == UNWRAPPED


def test_a_file_that_the_user_has_not_reformatted_yet_stays_as_it_is():
    user = {"a.py": File(ADDED), "pyproject.toml": File(THEIRS)}
    base, next_ = in_user_style(tree(ADDED), tree(ADDED + SHORT), user)
    assert base["a.py"].content == ADDED
    assert next_["a.py"].content == ADDED + SHORT
