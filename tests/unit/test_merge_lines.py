"""Three versions of a file of lines become one."""

from fastgen.merge.lines import merged_lines
from fastgen.merge.structure.blocks import Merged

IGNORED = "# Python\n__pycache__/\n.venv/\n\n# Tools\n.ruff_cache/\n"


def assert_merges(base: str, next_: str, user: str, expected: str) -> None:
    """The merge is `expected`, and going back gives the user's text again."""
    assert merged_lines(base, next_, user) == Merged(expected)
    assert merged_lines(next_, base, expected) == Merged(user)


def test_lines_join_their_section():
    next_ = IGNORED.replace(".ruff", ".mypy_cache/\n.ruff")
    user = IGNORED.replace(".venv/\n", ".venv/\n.idea/\n") + "own/\n"
    assert_merges(IGNORED, next_, user, user.replace(".ruff", ".mypy_cache/\n.ruff"))


def test_a_comment_that_both_add_above_different_lines_is_there_once():
    next_, user = (
        "# What the image needs.\n*\n!src\n",
        "# What the image needs.\n!src\n",
    )
    expected = "*\n# What the image needs.\n!src\n"
    assert merged_lines("", next_, user) == Merged(expected)


def test_a_line_that_both_add_is_there_once():
    both = IGNORED + ".mypy_cache/\n"
    assert merged_lines(IGNORED, both, f"own\n{both}") == Merged(f"own\n{both}")


def test_variables_are_known_by_their_names():
    base = "# one\nA=1\n# B=commented out\nC=3\n"
    next_ = base.replace("A=1", "A=2") + "\n# new\nD=4\n"
    user = base.replace("C=3", "C = 9") + "OWN=1\n"
    expected = user.replace("A=1", "A=2") + "\n# new\nD=4\n"
    assert_merges(base, next_, user, expected)
    clash = merged_lines(base, base.replace("C=3", "C=4"), user).clashes[0]
    assert (clash.where, clash.line) == ("C", 4)


def test_requirements_are_known_by_their_names():
    base = "fastapi[standard]>=1\nuvicorn\n"
    user = "FastAPI >= 2\nuvicorn\n-e ."
    next_ = "fastapi[standard]>=1\nhttpx~=1.0\nuvicorn\n"
    expected = "FastAPI >= 2\nhttpx~=1.0\nuvicorn\n-e ."
    assert_merges(base, next_, user, expected)
