"""The gate: what must hold in the merged project before a byte of it is written."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from fastgen.encoding import Undecodable, as_utf8, decoded
from fastgen.formatting import new_flaws
from fastgen.importable import importable, may_name, module_at, outermost
from fastgen.merge.imports import (
    UNPARSABLE,
    Import,
    bound_names,
    file_of,
    imports_of,
    sources_of,
)
from fastgen.merge.order import early_uses
from fastgen.merge.parse import parse_problem
from fastgen.plan import Change, Finding, Plan, Severity
from fastgen.tree import Files

UNUSED_IMPORT = "(F401)"

_RELATIVE = re.compile(rb"\bfrom\s*\.")

TESTS = "tests"


def gate_findings(plan: Plan, package: str, sources: Files) -> tuple[Finding, ...]:
    """An ISSUE for each thing that `plan` would break.

    `sources` holds the user's Python files: those of the package `package` always, and
    all of the project's when the plan takes something away.
    """
    unmarked = [change for change in plan.writes if not _has_markers(change, plan)]
    broken = list(_parse_findings(unmarked))
    if broken:
        return tuple(broken)
    return (*_import_findings(plan, package, sources), *_flaw_findings(unmarked))


def takes_away(plan: Plan) -> bool:
    """Whether the plan removes Python that other code could import."""
    return any(
        change.path.endswith(".py")
        and change.before is not None
        and (change.after is None or change.source or _lost_names(change))
        for change in plan.writes
    )


def _has_markers(change: Change, plan: Plan) -> bool:
    return any(conflict.path == change.path for conflict in plan.conflicts)


def _parse_findings(changes: Iterable[Change]) -> Iterator[Finding]:
    for change in changes:
        if change.after is None:
            continue
        text = _text(change.path, change.after.content)
        problem = text is not None and parse_problem(change.path, text)
        if problem:
            line, reason = problem
            message = f"would not parse any more: {reason}"
            yield Finding(Severity.ISSUE, change.path, message, line)


def _flaw_findings(changes: Iterable[Change]) -> Iterator[Finding]:
    """ruff's F rules: names that are undefined, defined twice or not used; and those
    that are used too early. One that is not used breaks nothing: it is what remains of
    a change to code that the user has moved elsewhere."""
    merged = {
        change.path: (
            as_utf8(change.path, change.before.content),
            as_utf8(change.path, change.after.content),
        )
        for change in changes
        if change.path.endswith(".py") and change.before and change.after
    }
    for path, line, message in new_flaws(merged):
        unused = message.endswith(UNUSED_IMPORT)
        severity = Severity.WARNING if unused else Severity.ISSUE
        hint = "; use it where you have moved that code to" if unused else ""
        yield Finding(severity, path, message + hint, line)
    for path, (before, after) in merged.items():
        known = {message for _, message in early_uses(before)}
        for line, message in early_uses(after):
            if message not in known:
                yield Finding(Severity.ISSUE, path, message, line)


@dataclass(frozen=True)
class _Code:
    """The project's Python before and after the plan, by path."""

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]

    @cached_property
    def written(self) -> frozenset[str]:
        """The paths at which they differ."""
        return frozenset(
            path
            for path in self.before.keys() | self.after.keys()
            if self.before.get(path) != self.after.get(path)
        )


def _import_findings(plan: Plan, package: str, sources: Files) -> Iterator[Finding]:
    code = _code(plan, sources)
    folder = sources_of(package, code.before)
    lost = outermost(_lost_modules(code), [folder, TESTS])
    roots = {package: folder, **dict.fromkeys(_lost_of_tests(plan), TESTS)}
    for path, content in sorted(code.after.items()):
        if not _can_break(path, code, lost):
            continue  # cheaper than parsing it
        for name, place in roots.items():
            if place == TESTS and not path.startswith(f"{TESTS}/"):
                continue
            for found in imports_of(content, path, name, place):
                if reason := _missing(found, code):
                    message = f"imports {found.name}, {reason}"
                    yield Finding(Severity.ISSUE, path, message, found.line)


def _can_break(path: str, code: _Code, lost: Collection[str]) -> bool:
    """Whether the plan can break an import of this file: it writes the file, or takes
    away a module that the file may name. `from .` names none of those around it."""
    content = code.after[path]
    return path in code.written or any(
        may_name(content, module)
        or (path.startswith(f"{module}/") and _RELATIVE.search(content))
        for module in lost
    )


def _lost_modules(code: _Code) -> set[str]:
    """The modules that are not there after the plan, or bind less."""
    gone = importable(code.before) - importable(code.after)
    return gone | {
        module for module in map(module_at, code.written) if _binds_less(module, code)
    }


def _binds_less(module: str, code: _Code) -> bool:
    try:
        before, after = (
            bound_names(side[path]) if (path := file_of(module, side)) else frozenset()
            for side in (code.before, code.after)
        )
    except UNPARSABLE:
        return True
    return not before <= after


def _lost_of_tests(plan: Plan) -> set[str]:
    """The packages of what tests share, of which the plan takes something away; pytest
    puts their folder on the path."""
    paths = (PurePosixPath(change.path) for change in plan.writes if not change.after)
    return {p.parts[1] for p in paths if p.parts[0] == TESTS and len(p.parts) > 2}


def _code(plan: Plan, sources: Files) -> _Code:
    before = {path: file.content for path, file in sources.items()}
    after = dict(before)
    for change in plan.writes:
        if not change.path.endswith(".py"):
            continue
        if change.before is not None:
            before[change.source or change.path] = change.before.content
            after.pop(change.source or change.path, None)
        if change.after is not None:
            after[change.path] = change.after.content
    return _Code(before, after)


def _missing(found: Import, code: _Code) -> str | None:
    """Why the import will fail after the plan although nothing was wrong before."""
    if found.fails_in(code.after):
        existed = not found.fails_in(code.before)
        return "which this takes away" if existed else _never_there(found, code)
    return None


def _never_there(found: Import, code: _Code) -> str | None:
    """An import of new code that finds nothing; the user's own broken imports stay."""
    return "which is not there" if found.path in code.written else None


def _lost_names(change: Change) -> bool:
    if change.before is None or change.after is None:
        return False
    try:
        before, after = (bound_names(f.content) for f in (change.before, change.after))
    except UNPARSABLE:
        return True
    return not before <= after


def _text(path: str, content: bytes) -> str | None:
    try:
        return decoded(path, content)
    except Undecodable:
        return None
