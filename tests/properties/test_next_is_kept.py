"""The law of fastgen's lines, which mirrors the one of the user's: what `next` adds or
changes is in the result, or the plan says that it is not."""

import ast
import re
from collections.abc import Callable, Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.text import Versions, text_merges
from tests.kit import spec_with, tree_of

PATHS = (
    *("README.md", "AGENTS.md", "Makefile", "pyproject.toml", "compose.yaml"),
    *(".env.example", ".gitignore", "Dockerfile", ".github/workflows/ci.yml"),
    *("src/myapi/main.py", "src/myapi/settings.py", "tests/conftest.py"),
    *("chart/values.yaml", "chart/values.schema.json"),
)
_PLACE = st.integers(0, 400)


def _renamed_heading(lines: list[str], at: int) -> None:
    if lines[at].startswith("#"):
        lines[at] = f"{lines[at].rstrip()} of mine\n"


def _deleted(lines: list[str], at: int) -> None:
    del lines[at : at + 3]


def _moved_down(lines: list[str], at: int) -> None:
    lines[at + 4 : at + 4] = [lines.pop(at)]


def _spaced(lines: list[str], at: int) -> None:
    lines.insert(at, "\n")


def _commented(lines: list[str], at: int) -> None:
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, f"{indent}# mine\n")


def _with_remark(lines: list[str], at: int) -> None:
    lines[at] = f"{lines[at].rstrip()}  # mine\n"


EDITS: Mapping[str, Callable[[list[str], int], None]] = {
    edit.__name__: edit
    for edit in (
        *(_renamed_heading, _deleted, _moved_down, _spaced, _commented),
        _with_remark,
    )
}


SIDES = (
    (),
    ("ci", "mail"),
    ("database", "docker", "precommit"),
    ("ci", "database", "docker", "kubernetes", "mail"),
    ("kubernetes", "updates"),
)
"""The modules of projects that are rendered once, each base and next of others."""


@st.composite
def edited(draw: st.DrawFn, path: str, text: str) -> str:
    """`text` with a few edits, so that it can still be parsed."""
    for name in draw(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=4)):
        lines = text.splitlines(keepends=True)
        EDITS[name](lines, draw(_PLACE) % len(lines))
        if parse_problem(path, "".join(lines)) is None:
            text = "".join(lines)
    return text


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(SIDES), st.sampled_from(SIDES))
def test_each_line_that_fastgen_adds_or_changes_is_in_the_file_or_reported(
    data, old, new
):
    base, next_ = (tree_of(spec_with(*modules)) for modules in (old, new))
    common = sorted(base.keys() & next_.keys() & set(PATHS))
    files = {}
    for path in data.draw(st.lists(st.sampled_from(common), unique=True, max_size=4)):
        in_base, in_next = (tree[path].content.decode() for tree in (base, next_))
        user = data.draw(edited(path, in_base))
        files[path] = Versions(in_base, in_next, user)
    for path, merge in text_merges(files).items():
        is_reported = merge.clashes or merge.deleted or merge.left_alone
        if not is_reported and not merge.rewritten:
            versions = files[path]
            assert not _missing(path, versions, merge.text), path


def _missing(path: str, versions: Versions, result: str) -> list[str]:
    """The lines that next has besides those of base, and `result` has not."""
    base, next_ = versions.base or "", versions.next
    known = {line.strip() for line in base.splitlines()}
    fresh = [ln for ln in next_.splitlines() if ln.strip() and ln.strip() not in known]
    if path.endswith(".py"):
        # Imported names may stand in another statement.
        names = _imported(next_) - _imported(base) - _imported(result)
        fresh = [ln for ln in fresh if not re.match(r"from |import |    \w+,$|\)", ln)]
        return [*names, *(line for line in fresh if _bare(line) not in _bare(result))]
    return [line for line in fresh if _bare(line) not in _bare(result)]


def _bare(text: str) -> str:
    """`text` without comments, white space, commas and brackets: a line may be
    wrapped in another way."""
    return re.sub(r"[\s,()'\"]+", "", re.sub(r"  #.*", "", text))


def _imported(text: str) -> set[str]:
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
