"""Texts without a structure of their own: what lines alone decide."""

import pytest

from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.text import Versions, text_merges

BASE = "one\ntwo\nthree\nfour\n"


def merged(base: str, next_: str, user: str) -> tuple[str, int]:
    """The text, and the number of clashes."""
    found = text_merges({"notes.txt": Versions(base, next_, user)})["notes.txt"]
    return found.text, len(found.clashes)


@pytest.mark.parametrize(
    ("next_", "user", "expected"),
    [
        ("one\nN\ntwo\n", "one\nU\ntwo\n", "one\nU\nN\ntwo\n"),
        ("one\n", "one\nU\ntwo\n", "one\nU\n"),
        ("one\n", "one\ntwo\nU\n", "one\nU\n"),
        ("one\nT\n", "one\nU\ntwo\nV\n", "one\nU\nT\nV\n"),
        ("one\nN\ntwo\n", "one\nmine\n", "one\nN\nmine\n"),
    ],
)
def test_a_line_that_is_only_inserted_never_clashes(next_, user, expected):
    assert merged("one\ntwo\n", next_, user) == (expected, 0)


def test_a_moved_line_that_fastgen_removes_keeps_no_other_line_from_changing():
    user = "one\nthree\ntwo\nfour\n"
    assert merged(BASE, "one\nT\nnew\n", user) == ("one\nT\nnew\n", 0)


def test_a_line_that_both_changed_clashes_and_stays_the_users():
    user = BASE.replace("two", "mine")
    assert merged(BASE, BASE.replace("two", "theirs"), user) == (user, 1)


def test_what_helm_makes_yaml_of_is_merged_by_line_and_need_not_parse():
    path = "chart/templates/service.yaml"
    base = "{{- if .Values.enabled }}\nkind: Service\nname: {{ .Release.Name }}\n"
    user = base.replace("kind", "# ours\nkind")
    next_ = base + "{{- end }}\n"
    found = text_merges({path: Versions(base, next_, user)})[path]
    assert (found.text, found.clashes) == (user + "{{- end }}\n", ())
    assert parse_problem(path, found.text) is None
    assert parse_problem("chart/values.yaml", found.text) is not None


@pytest.mark.parametrize("path", ["notes.txt", "README.md", "models.py"])
def test_a_line_that_the_user_moved_goes_when_fastgen_removes_it(path):
    line = "title = str\n"
    base = "".join(f"field_{number} = int\n" for number in range(9)) + line
    user, next_ = line + base.removesuffix(line), base.removesuffix(line)
    (found,) = text_merges({path: Versions(base, next_, user)}).values()
    assert (found.text, found.clashes) == (next_, ())


def test_a_function_that_the_user_moved_goes_when_fastgen_removes_it():
    functions = [f"def f{n}():\n    a{n}()\n    return {n}\n\n\n" for n in range(5)]
    base, next_ = "".join(functions), "".join(functions[:4])
    user = functions[4] + next_ + "own()\n"
    (found,) = text_merges({"a.py": Versions(base, next_, user)}).values()
    assert (found.text, found.clashes) == (next_ + "own()\n", ())


def test_a_file_that_comes_again_lacks_a_function_that_the_user_moved():
    next_ = (
        "from os import sep\n\n\ndef plain(text):\n    return text\n\n\n"
        "A = plain(sep)\nB = plain(A)\nC = plain(B)\n"
    )
    user = (
        "from os import sep\nfrom plain import plain\n\nA = plain(sep)\nB = plain(A)\n"
    )
    merged = text_merges({"a.py": Versions(None, next_, user)})["a.py"]
    assert merged.text == f"{user}C = plain(B)\n"
