"""The merge of three texts of one file: by line if that is enough, otherwise by
structure."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastgen.encoding import whole_lines
from fastgen.merge.conflict_blocks import (
    UNRESOLVED,
    commented,
    holds_comments,
    marked,
    unresolved,
)
from fastgen.merge.gate.parse import is_yaml, parse_problem
from fastgen.merge.json_layout import in_users_layout
from fastgen.merge.kinds import kind, role
from fastgen.merge.lines import merged_lines
from fastgen.merge.python import merged_python
from fastgen.merge.python.name_clashes import names_given_twice
from fastgen.merge.python.names_apart import names_apart
from fastgen.merge.python.table_arguments import with_tuples
from fastgen.merge.python.toplevel import aliases, cut, named, parsed
from fastgen.merge.sections import merged_makefile, merged_markdown
from fastgen.merge.structure.blocks import Clash, Deleted, Merged, Unreadable
from fastgen.merge.structure.line_hunks import merged_hunk, moved_and_removed
from fastgen.merge.structure.threeway import OTHER_HEAD
from fastgen.merge.toml import merged_toml
from fastgen.tools.git_merge import MARKER, LineMerge, line_merges
from fastgen.tools.ruff import needed_python
from fastgen.tree import SPEC_PATH

LATER_PYTHON = (
    "you and fastgen both changed these lines, and the file can only be merged by line:"
    " fastgen runs on Python {running}, and this file needs {needed}; `pipx reinstall"
    " --python {needed} fastapi-fastgen`"
)

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
    """The three texts of one file, with LF line ends. `base` is None if the user
    created the file before fastgen wrote one."""

    base: str | None
    next: str
    user: str


@dataclass(frozen=True)
class TextMerge:
    """The merged text of one file.

    `text` has the user's side at each clash. `marked` has both sides there, or is None
    for a file that cannot hold both. With `rewritten`, the user has replaced fastgen's
    text, and the user's text stays.
    """

    text: str
    clashes: tuple[Clash, ...] = ()
    marked: str | None = None
    rewritten: bool = False
    deleted: tuple[Deleted, ...] = ()
    """Deleted by the user, although fastgen would change it."""
    left_alone: tuple[str, ...] = ()
    """Changed by both sides; the user's version stays."""
    missing: tuple[str, ...] = ()
    """fastgen's lines that the user's file lacks, if there is no base."""
    obstacle: int = 0
    """The line of the user's text that prevents a merge; see Conflict."""


def text_merges(files: Mapping[str, Versions]) -> Mapping[str, TextMerge]:
    """The merge of each file, by path."""
    files = {path: _laid_out(path, versions) for path, versions in files.items()}
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


def _laid_out(path: str, versions: Versions) -> Versions:
    """`versions` with base and next in the layout of the user's file."""
    base, next_, user = versions.base, versions.next, versions.user
    if base is None or not path.endswith(".json"):
        return versions
    return Versions(*in_users_layout(base, next_, user), user)


def _merged(path: str, versions: Versions, lines: LineMerge | None) -> TextMerge:
    if unresolved_lines := [*unresolved(versions.user)]:
        clashes = tuple(Clash("", line, UNRESOLVED) for line in unresolved_lines)
        return TextMerge(versions.user, clashes, obstacle=unresolved_lines[0])
    if merger := _data_merger(path):
        # A clean line merge of data can still define a key twice.
        return _structural_merge(path, merger, versions)
    if lines is None:
        return _merge_without_base(path, versions)
    if path.endswith((".py", ".pyi")):
        return _python_merge(path, versions, lines)
    moved = _moved_and_removed(versions)
    if lines.clean and not moved:
        return TextMerge(lines.text)
    if lines.clean:
        user = versions.user.splitlines(keepends=True)
        rest = "".join(line for line in user if line.rstrip() not in moved)
        merged_text = merged_hunk(versions.base or "", versions.next, rest)
        if merged_text is not None:
            return TextMerge(merged_text)
    resolved = _with_hunks_resolved(lines.text)
    if path.endswith(".json"):
        is_json = not _HUNK.search(resolved) and parse_problem(path, resolved) is None
        if is_json:
            return TextMerge(resolved)
        return TextMerge(versions.user, _hunk_clashes(lines.text))
    if _is_rewritten(versions):
        return TextMerge(versions.user, rewritten=True)
    if merger := _section_merger(path):
        merged = _structural_merge(path, merger, versions)
        if not merged.clashes:
            return merged
    if not _HUNK.search(resolved):
        return TextMerge(resolved)
    both = _with_both(path, versions, *_sides(resolved))
    return TextMerge(versions.user, _hunk_clashes(resolved), both)


def _merge_without_base(path: str, versions: Versions) -> TextMerge:
    """The merge of a user's file with the first version that fastgen writes at its
    path. The file is the user's own, or an edited file of a module that was removed and
    comes back."""
    written = _written_lines(versions.next)
    remaining = written.intersection(_written_lines(versions.user))
    if len(remaining) * 2 < len(written):
        clash = Clash("", 1, "fastgen writes a file here too; move your file elsewhere")
        both = _with_both(path, versions, versions.user, versions.next)
        return TextMerge(versions.user, (clash,), both)
    if len(remaining) < len(written) and path.endswith((".py", ".pyi")):
        new = _without_imported(versions.next, versions.user)
        merged = _structural_merge(path, merged_python, replace(versions, next=new))
        if not merged.clashes:
            return merged
    lines = [line.strip() for line in versions.next.splitlines()]
    missing = [line for line in lines if line in written - remaining]
    return TextMerge(versions.user, missing=tuple(missing))


def _without_imported(next_: str, user: str) -> str:
    """`next_` without the definitions that the user moved elsewhere; the user's file
    imports them."""
    modules = [parsed(text) for text in (next_, user)]
    if None in modules:
        return next_
    in_next, in_user = (module for module in modules if module)
    moved = named(in_next).keys() & aliases(in_user).values()
    return cut(next_, moved)[0] if moved else next_


def _written_lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def _with_both(path: str, versions: Versions, user: str, next_: str) -> str | None:
    """`user` with both sides wherever `next_` differs, or None if the file cannot hold
    both.

    `user` is a merge with the user's side at each clash; `next_` is the same merge with
    fastgen's side.
    """
    if path.endswith(".json") or path == SPEC_PATH:
        return None
    if whole_lines(user) == whole_lines(next_):  # for example if only the order clashes
        user, next_ = versions.user, versions.next
    return commented(path, user, next_) if holds_comments(path) else marked(user, next_)


def _data_merger(path: str) -> Merger | None:
    """The merger for a format that is merged by key instead of by line, or None."""
    if path.endswith(".toml"):
        return merged_toml
    if is_yaml(path):
        # Importing PyYAML takes as long as importing all of merge.
        from fastgen.merge.yaml import merged_yaml
        from fastgen.merge.yaml.compose import COMPOSE_FILE, merged_compose

        return merged_compose if COMPOSE_FILE.search(path) else merged_yaml
    if _LINE_FILES.search(path):
        return merged_lines
    return None


def _section_merger(path: str) -> Merger | None:
    """The merger for a text with sections, or None."""
    if kind(path) == ".md":
        return merged_markdown
    if role(path) == "Makefile":
        return merged_makefile
    return None


def _structural_merge(path: str, merger: Merger, versions: Versions) -> TextMerge:
    try:
        merged = merger(versions.base or "", versions.next, versions.user)
    except Unreadable as error:
        clash = Clash("", error.line, f"does not parse: {error}")
        return TextMerge(versions.user, (clash,), obstacle=error.line)
    both = merged.with_next
    return TextMerge(
        merged.text,
        merged.clashes,
        None if both is None else _with_both(path, versions, merged.text, both),
        deleted=merged.deleted,
        left_alone=merged.left_alone,
    )


def _python_merge(path: str, versions: Versions, lines: LineMerge) -> TextMerge:
    versions = replace(versions, user=with_tuples(versions.user, versions.next))
    base, next_, user = versions.base or "", versions.next, versions.user
    given = names_given_twice(base, next_, user)
    is_clean = lines.clean and parse_problem(path, lines.text) is None
    is_clean = is_clean and not _moved_and_removed(versions)
    is_plain = is_clean and not given.alike and not given.clashes
    if is_plain and not _may_have_other_head(versions):
        return TextMerge(lines.text)
    merged = _structural_merge(path, merged_python, versions)
    if merged.obstacle:
        return _merged_by_line(path, versions, lines, merged)
    if given.clashes:
        return _with_names_apart(path, versions, given.clashes)
    if any(clash.reason == OTHER_HEAD for clash in merged.clashes):
        return merged
    if is_clean and (is_plain or merged.clashes):
        return TextMerge(lines.text)
    return merged


def _moved_and_removed(versions: Versions) -> set[str]:
    sides = (versions.base or "", versions.next, versions.user)
    return moved_and_removed(*(side.splitlines() for side in sides))


def _may_have_other_head(versions: Versions) -> bool:
    """Whether a line that opens a bracket or a block has changed. git would merge the
    lines below it, although they now belong to another construct."""
    lines = (versions.base or "").splitlines()
    opening = {line for line in lines if line.rstrip().endswith(("(", "[", "{", ":"))}
    sides = (versions.next, versions.user)
    return any(not opening.issubset(side.splitlines()) for side in sides)


def _merged_by_line(
    path: str, versions: Versions, lines: LineMerge, merged: TextMerge
) -> TextMerge:
    """The line merge of a Python file that the running Python cannot parse; `merged`
    holds the reason."""
    user = versions.user
    sides = (user, lines.text) if lines.clean else _sides(lines.text)
    both = _with_both(path, versions, *sides)
    if lines.clean or not (needed := needed_python(user)):
        return replace(merged, marked=both)
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    reason = LATER_PYTHON.format(running=running, needed=needed)
    clashes = (replace(c, reason=reason) for c in _hunk_clashes(lines.text))
    return TextMerge(user, tuple(clashes), both)


def _with_names_apart(
    path: str, versions: Versions, clashes: tuple[Clash, ...]
) -> TextMerge:
    merged = merged_python(versions.base or "", versions.next, versions.user)
    sides = (merged.text, merged.with_next or merged.text)
    sides = names_apart(versions.user, versions.next, sides, clashes)
    both = _with_both(path, versions, *sides)
    others = [c for c in merged.clashes if c.line not in {x.line for x in clashes}]
    return TextMerge(
        versions.user,
        (*clashes, *others),
        both,
        deleted=merged.deleted,
        left_alone=merged.left_alone,
    )


def _with_hunks_resolved(text: str) -> str:
    """`text` without the hunks in which the two sides changed different lines."""

    def resolved(hunk: re.Match[str]) -> str:
        merged = merged_hunk(hunk["base"], hunk["next"], whole_lines(hunk["user"]))
        return hunk[0] if merged is None else merged

    return _HUNK.sub(resolved, text)


def _sides(text: str) -> tuple[str, str]:
    """`text` with the user's side of each hunk, and `text` with fastgen's side."""
    user = _HUNK.sub(lambda hunk: whole_lines(hunk["user"]), text)
    return user, _HUNK.sub(lambda hunk: whole_lines(hunk["next"]), text)


def _hunk_clashes(text: str) -> tuple[Clash, ...]:
    """A clash for each hunk, with its line in the user's text."""
    clashes, line, end = [], 1, 0
    for hunk in _HUNK.finditer(text):
        line += text.count("\n", end, hunk.start())
        clashes.append(Clash("", line, "you and fastgen both changed these lines"))
        line += hunk["user"].count("\n")
        end = hunk.end()
    return tuple(clashes)


def _is_rewritten(versions: Versions) -> bool:
    """Whether less than a fifth of the lines that fastgen wrote are left."""
    written = _written_lines(versions.base or "")
    remaining = written.intersection(_written_lines(versions.user))
    return len(remaining) * 5 < len(written)
