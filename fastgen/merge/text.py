"""Three texts of one file -> one: by line where that is enough, else by structure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastgen.encoding import whole_lines
from fastgen.merge.gate.parse import is_yaml, parse_problem
from fastgen.merge.lines import merged_lines
from fastgen.merge.python import merged_python
from fastgen.merge.python.name_clashes import names_given_twice
from fastgen.merge.sections import merged_makefile, merged_markdown
from fastgen.merge.structure.blocks import Clash, Deleted, Merged, Unreadable
from fastgen.merge.structure.line_hunks import merged_hunk
from fastgen.merge.structure.threeway import OTHER_HEAD
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
    missing: tuple[str, ...] = ()
    """The lines of fastgen's that a file without a base does not have."""


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
        return _merge_without_base(path, versions)
    if path.endswith((".py", ".pyi")):
        return _python_merge(path, versions, lines)
    if lines.clean:
        return TextMerge(lines.text)
    resolved = _with_hunks_resolved(lines.text)
    if path.endswith(".json"):
        is_json = not _HUNK.search(resolved) and parse_problem(path, resolved) is None
        if is_json:
            return TextMerge(resolved)
        return TextMerge(versions.user, _hunk_clashes(lines.text))
    if _is_rewritten(versions):
        return TextMerge(versions.user, rewritten=True)
    if merger := _section_merger(path):
        merged = _structural_merge(merger, versions)
        if not merged.clashes:
            return merged
    if not _HUNK.search(resolved):
        return TextMerge(resolved)
    return TextMerge(versions.user, _hunk_clashes(resolved), _marked(resolved))


def _merge_without_base(path: str, versions: Versions) -> TextMerge:
    """The merge with a file that the user has where fastgen writes one for the first
    time: an edited file of a module that was removed and comes back, or one of the
    user's own."""
    written = _written_lines(versions.next)
    remaining = written.intersection(_written_lines(versions.user))
    if len(remaining) * 2 < len(written):
        clash = Clash("", 1, "fastgen writes a file here too; move yours away")
        return TextMerge(versions.user, (clash,))
    is_python = path.endswith((".py", ".pyi"))
    if merger := merged_python if is_python else _section_merger(path):
        merged = _structural_merge(merger, versions)
        if not merged.clashes:
            return merged
    lines = [line.strip() for line in versions.next.splitlines()]
    missing = [line for line in lines if line in written - remaining]
    return TextMerge(versions.user, missing=tuple(missing))


def _written_lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


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
    if path.endswith(".md"):
        return merged_markdown
    if path.rpartition("/")[2] == "Makefile":
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
    merged = _structural_merge(merged_python, versions)
    heads = [clash for clash in merged.clashes if clash.reason == OTHER_HEAD]
    if is_clean and not given.alike and not heads:
        return TextMerge(lines.text)
    if not merged.clashes or heads:
        # git sees lines, and not that one of them is what the others belong to.
        return merged
    if is_clean:
        return TextMerge(lines.text)
    return replace(merged, marked=_marked(lines.text))


def _with_hunks_resolved(text: str) -> str:
    """`text` without the hunks in which no line was changed by both sides."""

    def resolved(hunk: re.Match[str]) -> str:
        merged = merged_hunk(hunk["base"], hunk["next"], whole_lines(hunk["user"]))
        return hunk[0] if merged is None else merged

    return _HUNK.sub(resolved, text)


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
        clashes.append(Clash("", line, "you and fastgen both changed these lines"))
        line += hunk["user"].count("\n")
        end = hunk.end()
    return tuple(clashes)


def _is_rewritten(versions: Versions) -> bool:
    """Less than a fifth of what fastgen wrote is still there."""
    written = {line for line in (versions.base or "").splitlines() if line.strip()}
    remaining = written.intersection(versions.user.splitlines())
    return len(remaining) * 5 < len(written)
