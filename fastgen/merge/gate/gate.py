"""The gate: checks of the merged project before anything is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from fastgen.encoding import Undecodable, decoded
from fastgen.merge.gate.attributes import attribute_findings, lost_definitions
from fastgen.merge.gate.flaws import (
    compile_problem,
    flaw_findings,
    flaws,
    undefined_names,
)
from fastgen.merge.gate.losses import REMOVED, Code, LossWords, losses
from fastgen.merge.gate.missing import import_findings
from fastgen.merge.gate.parse import parse_problem
from fastgen.merge.gate.used_imports import imported_before, with_used_imports
from fastgen.merge.python.toplevel import definitions_in, uses
from fastgen.plan import Change, Finding, Plan, Severity
from fastgen.tree import Files, Tree

NO_HOMES: Mapping[tuple[str, str], str] = {}


def gated(
    plan: Plan,
    package: str,
    sources: Files,
    generated: Callable[[], Tree],
    words: LossWords = REMOVED,
    homes: Mapping[tuple[str, str], str] = NO_HOMES,
) -> Plan:
    """`plan` with an ISSUE for each thing that it would break, and with the imports
    that the user's code still uses.

    `sources` holds the user's Python files: those of the package `package`, and all of
    the project's if the plan removes something. `generated()` is fastgen's own output
    at the user's paths and with the user's names; it is called only if needed. `homes`
    holds the files to which the user moved definitions, by path and name.
    """
    unmarked = [change for change in plan.writes if not _has_markers(change, plan)]
    if broken := tuple(_text_findings(unmarked)):
        return replace(plan, findings=(*plan.findings, *broken))
    found = flaws(unmarked)
    undefined = undefined_names(found)
    kept = plan
    if undefined:
        kept = with_used_imports(plan, undefined, package, sources, generated())
    if kept is not plan:
        plan = kept
        found = flaws([c for c in plan.writes if not _has_markers(c, plan)])

    def users_of(path: str, name: str) -> str | None:
        return _home_of_users(name, path, homes, generated()) if homes else None

    code = replace(code_of(plan, sources), words=words)
    findings = (
        *import_findings(plan, package, code),
        *flaw_findings(found, imported_before(plan), words, users_of),
        *attribute_findings(code, generated),
    )
    return replace(plan, findings=(*plan.findings, *dict.fromkeys(findings)))


def takes_away(plan: Plan) -> bool:
    """Whether the plan removes Python definitions that other code could use."""
    code = code_of(plan, {})
    return bool(losses(code, []) or lost_definitions(code))


def code_of(plan: Plan, sources: Files) -> Code:
    """The project's Python before and after `plan`. `sources` are the user's files."""
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


def _home_of_users(
    name: str, path: str, homes: Mapping[tuple[str, str], str], generated: Tree
) -> str | None:
    """The file to which the user moved a definition that uses `name`, from the file
    `path`."""
    entry = generated.get(path)
    definitions = definitions_in(path, entry.content) if entry else None
    for defined, statement in (definitions or {}).items():
        if (path, defined) in homes and name in uses([statement]):
            return homes[path, defined]
    return None


def _has_markers(change: Change, plan: Plan) -> bool:
    return any(conflict.path == change.path for conflict in plan.conflicts)


def _text_findings(changes: Iterable[Change]) -> Iterator[Finding]:
    """An ISSUE for each text that is not valid in its format. Python must also compile,
    unless the user's file did not compile before."""
    for change in changes:
        if change.after is None:
            continue
        text = _text(change.path, change.after.content)
        problem = parse_problem(change.path, text) if text is not None else None
        if not problem and change.path.endswith(".py"):
            problem = compile_problem(change.after.content)
            before = change.before and compile_problem(change.before.content)
            problem = None if before else problem
        if problem:
            line, reason = problem
            message = f"would not be valid: {reason}"
            yield Finding(Severity.ISSUE, change.path, message, line)


def _text(path: str, content: bytes) -> str | None:
    try:
        return decoded(path, content)
    except Undecodable:
        return None
