"""Three texts of one file -> one: by line where that is enough, else by structure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastgen.encoding import whole_lines
from fastgen.merge.gate.parse import is_yaml, parse_problem
from fastgen.merge.kinds import kind, role
from fastgen.merge.lines import merged_lines
from fastgen.merge.python import merged_python
from fastgen.merge.python.name_clashes import names_given_twice
from fastgen.merge.sections import merged_makefile, merged_markdown
from fastgen.merge.structure.blocks import Clash, Deleted, Merged, Unreadable
from fastgen.merge.toml import merged_toml
from fastgen.tools.git_merge import MARKER, LineMerge, line_merges

Merger = Callable[[str, str, str], Merged]

_LINE_FILES = re.compile(
    r"(^|/)(\.gitignore|\.dockerignore|\.gitattributes|\.env\.example"
    r"|requirements[^/]*\.txt)$"
)
_HUNK = re.compile(
    rf"<{{{MARKER}}} [^\n]*\n(?P<user>.*?)"
    rf"\|{{{MARKER}}} [^\n]*\n(?P<base>.*?)={{{MARKER}}}\n"
    rf"(?P<next>.*?)>{{{MARKER}}} [^\n]*\n?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Versions:
    """The three texts of one file, with LF as line end; `base` is None where the user
    made a file before fastgen wanted to."""

    base: str | None
    next: str
    user: str


@dataclass(frozen=True)
class TextMerge:
    """`text` has the user's side at each clash; `marked` has conflict markers there,
    and is None for a format that never gets any. `rewritten`: the user has put another
    text in the place of fastgen's, and keeps it."""

    text: str
    clashes: tuple[Clash, ...] = ()
    marked: str | None = None
    rewritten: bool = False
    deleted: tuple[Deleted, ...] = ()
    """What the user has deleted and fastgen would have changed."""
    left_alone: tuple[str, ...] = ()
    """What both have changed and stays as the user has it."""


def text_merges(files: Mapping[str, Versions]) -> Mapping[str, TextMerge]:
    """The merge of each file."""
    by_line = line_merges(
        {
            path: (versions.base, versions.next, versions.user)
            for path, versions in files.items()
            if versions.base is not None and _data_merger(path) is None
        }
    )
    return {
        path: _merged(path, versions, by_line.get(path))
        for path, versions in files.items()
    }


def _merged(path: str, versions: Versions, lines: LineMerge | None) -> TextMerge:
    if merger := _data_merger(path):
        # By key: a line merge of data can be clean and still say a thing twice.
        return _structural_merge(merger, versions)
    if lines is None:
        clash = Clash("", 1, "fastgen writes a file here too; move yours away")
        return TextMerge(versions.user, (clash,))
    if path.endswith(".json"):
        clashes = () if lines.clean else _hunk_clashes(lines.text)
        return TextMerge(versions.user if clashes else lines.text, clashes)
    if path.endswith((".py", ".pyi")):
        return _python_merge(path, versions, lines)
    if lines.clean:
        return TextMerge(lines.text)
    if _is_rewritten(versions):
        return TextMerge(versions.user, rewritten=True)
    if merger := _section_merger(path):
        merged = _structural_merge(merger, versions)
        if not merged.clashes:
            return merged
    inserted = _insertions_united(lines.text)
    if not _HUNK.search(inserted):
        return TextMerge(inserted)
    return TextMerge(versions.user, _hunk_clashes(lines.text), _marked(inserted))


def _data_merger(path: str) -> Merger | None:
    """The merger of a format that has keys and gets no conflict markers."""
    if path.endswith(".toml"):
        return merged_toml
    if is_yaml(path):
        # PyYAML takes as long to import as all of merge.
        from fastgen.merge.yaml import merged_yaml
        from fastgen.merge.yaml.compose import COMPOSE_FILE, merged_compose

        return merged_compose if COMPOSE_FILE.search(path) else merged_yaml
    if _LINE_FILES.search(path):
        return merged_lines
    return None


def _section_merger(path: str) -> Merger | None:
    """The merger of a text that has sections."""
    if kind(path) == ".md":
        return merged_markdown
    if role(path) == "Makefile":
        return merged_makefile
    return None


def _structural_merge(merger: Merger, versions: Versions) -> TextMerge:
    try:
        merged = merger(versions.base or "", versions.next, versions.user)
    except Unreadable as error:
        clash = Clash("", error.line, f"it does not parse: {error}")
        return TextMerge(versions.user, (clash,))
    return TextMerge(
        merged.text,
        merged.clashes,
        deleted=merged.deleted,
        left_alone=merged.left_alone,
    )


def _python_merge(path: str, versions: Versions, lines: LineMerge) -> TextMerge:
    given = names_given_twice(versions.base or "", versions.next, versions.user)
    if given.clashes:
        return TextMerge(versions.user, given.clashes)
    is_clean = lines.clean and parse_problem(path, lines.text) is None
    if is_clean and not given.alike:
        return TextMerge(lines.text)
    merged = _structural_merge(merged_python, versions)
    if not merged.clashes:
        return merged
    if is_clean:
        return TextMerge(lines.text)
    return replace(merged, marked=_marked(lines.text))


def _insertions_united(text: str) -> str:
    """`text` without the hunks in which one side only inserted lines.

    Both inserted: the user's lines, then fastgen's. One inserted around what the other
    changed or took away: the insertion stays, around what the other made of it.
    """

    def united(hunk: re.Match[str]) -> str:
        base, user, next_ = hunk["base"], hunk["user"], hunk["next"]
        if not base:
            return whole_lines(user) + next_
        for inserted, other in ((user, next_), (next_, user)):
            before, found, after = f"\n{inserted}".partition(f"\n{base}")
            if found and f"\n{base}" not in f"\n{after}":
                return f"{before}\n"[1:] + other + after
        return hunk[0]

    return _HUNK.sub(united, text)


def _marked(text: str) -> str:
    """`text` with git's usual short markers, without the base's side."""

    def shortened(hunk: re.Match[str]) -> str:
        user, added = (whole_lines(hunk[side]) for side in ("user", "next"))
        return f"<<<<<<< yours\n{user}=======\n{added}>>>>>>> fastgen\n"

    return _HUNK.sub(shortened, text)


def _hunk_clashes(text: str) -> tuple[Clash, ...]:
    """A clash a hunk, with its line in the user's text."""
    clashes, line, end = [], 1, 0
    for hunk in _HUNK.finditer(text):
        line += text.count("\n", end, hunk.start())
        if hunk["base"]:
            clashes.append(Clash("", line, "you and fastgen both changed these lines"))
        line += hunk["user"].count("\n")
        end = hunk.end()
    return tuple(clashes)


def _is_rewritten(versions: Versions) -> bool:
    """Less than a fifth of what fastgen wrote is still there."""
    written = {line for line in (versions.base or "").splitlines() if line.strip()}
    remaining = written.intersection(versions.user.splitlines())
    return len(remaining) * 5 < len(written)
