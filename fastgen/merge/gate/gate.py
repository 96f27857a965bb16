"""The gate: what must hold in the merged project before a byte of it is written."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from fastgen.encoding import Undecodable, as_utf8, decoded
from fastgen.merge.gate.early_uses import early_uses
from fastgen.merge.gate.imports import Import, first_party_imports, source_folder
from fastgen.merge.gate.losses import Code, losses, may_miss
from fastgen.merge.gate.parse import parse_problem
from fastgen.plan import Change, Finding, Plan, Severity
from fastgen.tools.ruff import new_flaws
from fastgen.tree import Files

UNUSED_IMPORT = "(F401)"

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
    return bool(losses(_code(plan, {}), []))


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


def _import_findings(plan: Plan, package: str, sources: Files) -> Iterator[Finding]:
    code = _code(plan, sources)
    folder = source_folder(package, code.before)
    lost = losses(code, [folder, TESTS])
    roots = {package: folder, **dict.fromkeys(_lost_of_tests(plan), TESTS)}
    for path, content in sorted(code.after.items()):
        if path not in code.written and not may_miss(path, code, lost):
            continue
        for name, place in roots.items():
            if place == TESTS and not path.startswith(f"{TESTS}/"):
                continue
            for found in first_party_imports(content, path, name, place):
                if reason := _missing(found, code):
                    message = f"imports {found.name}, {reason}"
                    yield Finding(Severity.ISSUE, path, message, found.line)


def _lost_of_tests(plan: Plan) -> set[str]:
    """The packages of what tests share, of which the plan takes something away; pytest
    puts their folder on the path."""
    paths = (PurePosixPath(change.path) for change in plan.writes if not change.after)
    return {p.parts[1] for p in paths if p.parts[0] == TESTS and len(p.parts) > 2}


def _code(plan: Plan, sources: Files) -> Code:
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
    return Code(before, after)


def _missing(found: Import, code: Code) -> str | None:
    """Why the import will fail after the plan although nothing was wrong before."""
    if found.fails_in(code.after):
        existed = not found.fails_in(code.before)
        return "which this takes away" if existed else _never_there(found, code)
    return None


def _never_there(found: Import, code: Code) -> str | None:
    """An import of new code that finds nothing; the user's own broken imports stay."""
    return "which is not there" if found.path in code.written else None


def _text(path: str, content: bytes) -> str | None:
    try:
        return decoded(path, content)
    except Undecodable:
        return None
