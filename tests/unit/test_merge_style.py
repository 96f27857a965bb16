"""What fastgen adds comes in the format that the user's configuration asks for."""

import pytest

from fastgen.merge.user_style import in_user_style
from fastgen.tools.ruff import NotPython, formatted
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


def test_code_in_markdown_is_formatted_as_the_user_formats():
    ours = b"# Notes\n\n```python\ncall(first=1, second=2)\n```\n"
    theirs = ours.replace(b"(first=1, second=2)", b"(\n\tfirst=1, second=2\n)")
    rules = b'line-length = 22\nformat.indent-style = "tab"\n'
    rendered = {"a.md": Entry(ours, "x"), "pyproject.toml": Entry(OURS, "x")}
    pyproject = File(OURS.replace(b"line-length = 88\n", rules))
    user = {"a.md": File(theirs), "pyproject.toml": pyproject}
    base, _ = in_user_style(rendered, {}, user)
    assert base["a.md"].content == theirs
    unformatted = {**user, "a.md": File(ours)}
    base, _ = in_user_style(rendered, {}, unformatted)
    assert base["a.md"].content == ours


def test_rendered_python_that_does_not_parse_is_refused_with_its_module():
    wrong = {"src/shop/main.py": Entry(b"x = 1\napp.add(Middle ware)\n", "alpha")}
    with pytest.raises(NotPython) as refused:
        formatted([{**tree(b"x = 1\n"), **wrong}])
    assert "The module alpha renders src/shop/main.py" in str(refused.value)
    assert "line 2: `app.add(Middle ware)`" in str(refused.value)


@pytest.mark.parametrize("place", [".", "backend/src"])
def test_a_package_that_was_moved_out_of_src_is_still_the_projects_own(place: str):
    code = b"import pytest\n\nfrom shop import health\n"
    rendered = {
        "src/shop/__init__.py": Entry(b"", "x"),
        "tests/test_health.py": Entry(code, "x"),
    }
    config = {"ruff.toml": f'src = ["{place}", "tests"]\n'.encode()}
    (styled,) = formatted([rendered], config, {"tests/test_health.py"})
    assert styled["tests/test_health.py"].content == code
