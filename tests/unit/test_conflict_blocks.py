"""Conflicts that are written into a file, in each format."""

import pytest

from fastgen.merge.conflict_blocks import unresolved
from fastgen.merge.text import TextMerge, Versions, text_merges

OLD = 'x = 1\ny = """\none\ntwo\n"""\n'


def merge(path: str, base: str | None, next_: str, user: str) -> TextMerge:
    return text_merges({path: Versions(base, next_, user)})[path]


@pytest.mark.parametrize(
    ("path", "texts", "written"),
    [
        (
            "main.py",
            ("a = 1\ntwo()\n", "a = 2\ntwo()\nthree()\n", "a = 3\ntwo()\n"),
            "<<<<<<< yours\na = 3\n=======\na = 2\n>>>>>>> fastgen\ntwo()\nthree()\n",
        ),
        (
            "main.py",
            (None, "one(2)\n", "one(3)\n"),
            "<<<<<<< yours\none(3)\n=======\none(2)\n>>>>>>> fastgen\n",
        ),
        (
            "main.py",
            ("go(1)\n", "from b import x\ngo(1)\n", "from a import x\ngo(1)\n"),
            "<<<<<<< yours\nfrom a import x\n=======\nfrom b import x\n"
            ">>>>>>> fastgen\ngo(1)\n",
        ),
        (
            "main.py",
            ("def go(:\n    1\n", "def go(:\n    2\n", "def go(:\n    3\n"),
            "def go(:\n<<<<<<< yours\n    3\n=======\n    2\n>>>>>>> fastgen\n",
        ),
        (
            "notes.txt",
            ("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n", "a\nbb\nc\nd\n"),
            "a\n<<<<<<< yours\nbb\n=======\nB\n>>>>>>> fastgen\nc\nd\ne\n",
        ),
        (
            "tool.toml",
            (OLD, OLD.replace("1", "2") + "z = 1\n", OLD.replace("1", "3")),
            "x = 3\n# <<<<<<< fastgen, instead of the line above\n# x = 2\n"
            '# >>>>>>> fastgen\ny = """\none\ntwo\n"""\nz = 1\n',
        ),
        (
            "tool.toml",
            (OLD, OLD.replace("one", "1a"), OLD.replace("one", "1b")),
            OLD.replace("one", "1b") + "# <<<<<<< fastgen, instead of line 3\n# 1a\n"
            "# >>>>>>> fastgen\n",
        ),
        (
            "tool.toml",
            ("x = 1\ny = 1\n", "y = 1\n", "x = 2\ny = 1\n"),
            "x = 2\n# <<<<<<< fastgen, without the line above\n# >>>>>>> fastgen\n"
            "y = 1\n",
        ),
        (
            "ci.yml",
            ("a:\n  b: 1\n", "a:\n  b: 2\n  c: 1\n", "a:\n  b: 3\n"),
            "a:\n  b: 3\n# <<<<<<< fastgen, instead of the line above\n#   b: 2\n"
            "# >>>>>>> fastgen\n  c: 1\n",
        ),
        (
            "ci.yml",
            tuple(f"a: |\n  {each}\n  2\nb: 1\n" for each in ("1", "1a", "1b")),
            "a: |\n  1b\n  2\nb: 1\n# <<<<<<< fastgen, instead of line 2\n#   1a\n"
            "# >>>>>>> fastgen\n",
        ),
        (
            ".env.example",
            ("A=1\nB=1\n", "A=2\nB=1\n", "A=3\nB=1\n"),
            "A=3\n# <<<<<<< fastgen, instead of the line above\n# A=2\n"
            "# >>>>>>> fastgen\nB=1\n",
        ),
        (
            "Dockerfile",
            (None, "FROM a\nRUN b\n", "FROM a\nRUN c\n"),
            "FROM a\nRUN c\n# <<<<<<< fastgen, instead of the line above\n# RUN b\n"
            "# >>>>>>> fastgen\n",
        ),
    ],
)
def test_both_sides_of_a_conflict_are_in_the_file(path, texts, written):
    merged = merge(path, *texts)
    assert merged.clashes
    assert merged.marked == written
    assert len([*unresolved(written)]) == 1


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("package.json", ('{"a": 1}\n', '{"a": 2}\n', '{"a": 3}\n')),
        ("package.json", (None, '{"a": 2}\n', '{"a": 3}\n')),
        ("fastgen.toml", ("a = 1\n", "a = 2\n", "a = 3\n")),
        ("tool.toml", ("a = 1\n", "a = 2\n", "a = \n")),
        ("ci.yml", ("a: 1\n", "a: 2\n", "a: [\n")),
    ],
)
def test_a_file_that_cannot_hold_a_conflict_gets_none(path, texts):
    merged = merge(path, *texts)
    assert merged.clashes
    assert merged.marked is None


@pytest.mark.parametrize(
    ("path", "conflict"),
    [
        ("main.py", "<<<<<<< yours\nb = 1\n=======\nb = 2\n>>>>>>> fastgen\n"),
        ("main.py", "<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> topic\n"),
        ("tool.toml", "# <<<<<<< fastgen\n# b = 2\n# >>>>>>> fastgen\n"),
    ],
)
def test_a_file_with_an_unresolved_conflict_is_left_alone(path, conflict):
    merged = merge(path, "a = 1\n", "a = 1\nc = 1\n", f"a = 1\n{conflict}")
    assert merged.obstacle == 2
    assert merged.text == f"a = 1\n{conflict}"
    assert merged.marked is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n<<<<<<< yours\n=======\n>>>>>>> fastgen\n<<<<<<< yours\n", [2, 5]),
        ("a\n=======\n>>>>>>> fastgen\n", [3]),
        ("# <<<<<<< fastgen, without the line above\n# >>>>>>> fastgen\n", [1]),
        ("Title\n=======\n>>>>>>> a quotation\n  <<<<<<< indented\n", []),
    ],
)
def test_unresolved_conflicts_have_lines(text, lines):
    assert [*unresolved(text)] == lines
