"""What the user lays out, comments or quotes in another way does not conflict with what
fastgen changes or takes away."""

import json
import re

import pytest

from fastgen.merge.structure.line_hunks import merged_hunk
from fastgen.merge.text import TextMerge, Versions, text_merges


def merge(path: str, base: str | None, next_: str, user: str) -> TextMerge:
    return text_merges({path: Versions(base, next_, user)})[path]


CODE = 'from lib import a, b, c\n\nNAMES = ["x", "y"]\n\n\ndef f():\n    g(a, "k")\n'


@pytest.mark.parametrize(
    ("user", "next_", "expected"),
    [
        (
            CODE.replace(
                "import a, b, c", "import a\nfrom lib import b\nfrom lib import c"
            ),
            CODE.replace("a, b, c", "a, c, d"),
            CODE.replace(
                "import a, b, c", "import a\nfrom lib import c\nfrom lib import d"
            ),
        ),
        (
            CODE.replace("a, b, c", "a, b, c, own as o"),
            CODE.replace("a, b, c", "a, c"),
            CODE.replace("a, b, c", "a, c, own as o"),
        ),
        (
            CODE.replace("a, b, c", "(\n    c,\n    b,  # mine\n    a,\n)"),
            CODE.replace("a, b, c", "a, c"),
            CODE.replace("a, b, c", "(\n    c,\n    # mine\n    a,\n)"),
        ),
        (
            CODE.replace('["x", "y"]', "[\n    'x',  # mine\n    'y'\n]"),
            CODE.replace('["x", "y"]', '["z"]'),
            CODE.replace('["x", "y"]', '[\n    "z"\n    # mine\n]'),
        ),
        (
            CODE.replace('g(a, "k")', "g(\n        a, 'k'\n    )  # mine"),
            CODE.replace('    g(a, "k")', "    h(a)"),
            CODE.replace('    g(a, "k")', "    h(a)\n    # mine"),
        ),
        (
            CODE.replace("def f():", "def f():  # mine").replace('"k"', "'k'"),
            CODE[: CODE.index("\n\n\ndef")] + "\n",
            CODE[: CODE.index("\n\n\ndef")] + "\n# mine\n",
        ),
    ],
)
def test_python(user, next_, expected):
    merged = merge("a.py", CODE, next_, user)
    assert (merged.text, merged.clashes) == (expected, ())


YAML = """\
services:
  app:
    build: .
    environment:
      A: x
      PORT: "8000"
    ports:
      - "1:1"

  db:
    image: pg
    command: run
"""
WITH_DB_URL = YAML.replace("      PORT", '      DB: "a, b"\n      PORT')


@pytest.mark.parametrize("path", ["compose.yaml", "x.yml"])
@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        (
            '    environment:\n      A: x\n      PORT: "8000"\n',
            "    environment: {A: x, PORT: '8000'}\n",
            "    environment: {A: x, DB: \"a, b\", PORT: '8000'}\n",
        ),
        ('    ports:\n      - "1:1"\n', "    ports: ['1:1']\n", None),
        ("build: .", "build: '.'  # mine", None),
        ("    build: .\n", "\n    # mine\n    build: .\n\n", None),
    ],
)
def test_yaml(path, old, new, result):
    user = YAML.replace(old, new)
    expected = WITH_DB_URL.replace(old, new) if result is None else None
    merged = merge(path, YAML, WITH_DB_URL, user)
    assert merged.clashes == ()
    assert merged.text == (expected or YAML.replace(old, result))


def test_an_empty_mapping_in_flow_style_takes_what_both_add():
    merged = merge(
        "v.yaml", "a: {}\nb: 1\n", "a:\n  x: 1\nb: 1\n", "a:\n  y: 2\nb: 1\n"
    )
    assert (merged.text, merged.clashes) == ("a:\n  y: 2\n  x: 1\nb: 1\n", ())
    gone = merge(
        "v.yaml", "a:\n  x: 1\nb: 1\n", "a: {}\nb: 1\n", "a:\n  x: 1  # m\nb: 1\n"
    )
    assert (gone.text, gone.clashes) == ("# m\na: {}\nb: 1\n", ())


def test_a_service_that_goes_leaves_only_the_comments_in_it():
    user = YAML.replace("image: pg", "image: 'pg'  # mine").replace("run", '"run"')
    gone = merge("compose.yaml", YAML, YAML[: YAML.index("\n  db")], user)
    assert gone.clashes == ()
    assert gone.text == YAML[: YAML.index("\n  db")] + "  # mine\n"


@pytest.mark.parametrize(
    ("path", "old", "own", "new"),
    [
        ("pyproject.toml", "[a]\nx = 1\n", '[a]\n"x" = 1  # mine\n', "[a]\ny = 1\n"),
        ("pyproject.toml", '[a]\nx = ["p"]\n', "[a]\nx=[ 'p', # mine\n]\n", "[a]\n"),
        ("requirements.txt", "a>=1\nb\n", "a>=1  # mine\nb\n", "b\n"),
        ("requirements.txt", "a>=1\nb\n", "a>=1  # mine\nb\n", "a>=2\nb\n"),
        (".env.example", "A=1\nB=1\n", "A=1  # mine\nB=1\n", "A=2\nB=1\n"),
        (".env.example", "# a\n\nA=1\n", "# a\n# mine\n\nA=1\n", "# a\n\nZ=1\n\nA=1\n"),
        (
            "Makefile",
            "a:\n\tls\n\nb:\n\tls\n",
            "a:\n\t# mine\n\tls\n\nb:\n\tls\n",
            "b:\n\tls\n",
        ),
        (
            "Dockerfile",
            "FROM a\nRUN b\nRUN c\n",
            "FROM a\nRUN b\n# mine\nRUN c\n",
            "FROM a\n",
        ),
        (
            "Dockerfile",
            "FROM a\nRUN b\nRUN c\n",
            "# mine\nFROM a \nRUN b\n\nRUN c\n",
            "FROM a\nRUN d\n",
        ),
        (
            "README.md",
            "# A\n\nb\nc\n",
            "# A\n\n<!-- mine -->\nb  \n\nc\n",
            "# A\n\nb\nd\n",
        ),
    ],
)
def test_a_comment_stays_and_the_line_beside_it_is_fastgens(path, old, own, new):
    merged = merge(path, old, new, own)
    assert merged.clashes == ()
    assert "mine" in merged.text
    assert code_lines(merged.text) == code_lines(new)


def code_lines(text: str) -> list[str]:
    """The lines without comments; of Markdown, all but the headings."""
    bare = (
        re.sub(r"(^|\s+)(#|<!--).*", "", line).strip() for line in text.splitlines()
    )
    return [line for line in bare if line]


def test_blank_lines_and_spaces_at_ends_of_lines_are_no_change():
    base = "# A\n\nOne\ntwo\nthree\n\n## B\n\nfour\n"
    user = base.replace("two\n", "two  \n\n").replace("## B\n", "## B\n\n\n")
    merged = merge(
        "README.md", base, base.replace("three", "3").replace("four", "4"), user
    )
    assert merged.clashes == ()
    assert merged.text.split() == ["#", "A", "One", "two", "3", "##", "B", "4"]


def test_a_renamed_section_gets_what_fastgen_adds_to_it():
    base = "# A\n\n## Parts\n\none\n\n    core\n    db --> core\n\n## End\n\nz\n"
    next_ = base.replace("    core\n", "    ci --> core\n    core\n")
    user = base.replace("## Parts", "## Our parts")
    merged = merge("README.md", base, next_, user)
    assert merged == TextMerge(next_.replace("## Parts", "## Our parts"))


def test_lines_beside_each_other_that_one_side_each_changed_are_both_taken():
    base = "FROM a\nRUN b\nRUN c\n"
    merged = merge("Dockerfile", base, "FROM a\nRUN c\n", "FROM mine\nRUN b\nRUN c\n")
    assert merged == TextMerge("FROM mine\nRUN c\n")


def test_json_that_the_user_indented_otherwise_takes_fastgens_key():
    base, next_ = '{ "a": 1 }\n', '{ "a": 1, "b": [2] }\n'
    user = json.dumps({"a": 1}, indent=4) + "\n"
    merged = merge("x.json", base, next_, user)
    assert merged == TextMerge(json.dumps({"a": 1, "b": [2]}, indent=4) + "\n")


@pytest.mark.parametrize("path", ["Dockerfile", "main.py", "NOTES.md", "Makefile"])
def test_a_file_without_base_stays_where_it_is_fastgens_with_insertions(path):
    next_ = "a = 1\nb = 2\nc = 3\nd = 4\n"
    user = f"# mine\n{next_}"
    assert merge(path, None, next_, user) == TextMerge(user)
    own = "x = 1\ny = 2\n"
    assert merge(path, None, next_, own).clashes


def test_a_file_without_base_that_lacks_a_line_is_kept_and_named():
    next_ = "FROM a\nRUN b\nRUN c\n"
    merged = merge("Dockerfile", None, next_, "FROM mine\nRUN b\nRUN c\n")
    assert (merged.clashes, merged.missing) == ((), ("FROM a",))


@pytest.mark.parametrize(
    "user",
    [
        "## Pipeline\n\n\nRuns a.\nAt night.\n",
        "## Pipeline\nRuns a.\nAt night.\n",
        "## Pipeline\n\nRuns a.\n\nAt night.\n",
        "\n## Pipeline\n\nRuns a.\nAt night.\n\n",
    ],
)
def test_blank_lines_of_the_user_stay_beside_a_line_that_changes_and_back(
    user: str,
) -> None:
    base, next_ = (f"## Pipeline\n\nRuns {what}.\nAt night.\n" for what in ("a", "b"))
    merged = merged_hunk(base, next_, user)
    assert merged == user.replace("Runs a", "Runs b")
    assert merged_hunk(next_, base, merged) == user
