"""The proposal of a command, and the check before applying it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastgen.apply.create import create
from fastgen.apply.transaction import apply
from fastgen.errors import ConflictsRemain, GateRefused, Refusal
from fastgen.phrases import counted
from fastgen.plan import Action, Conflict, Finding, Plan, Severity
from fastgen.spec.side import Side


class PlanConflicts(ConflictsRemain):
    """You and fastgen changed the same place ({count}), and nothing was written;
    resolve it first, or let `--write-conflicts` write both sides into the files."""


class UnwritableConflicts(ConflictsRemain):
    """{first}{more}. That file cannot hold both sides, so nothing was written; change
    it by hand first, then run the command again."""


class UnmergeableFile(ConflictsRemain):
    """{path}: {reason}{more}. Nothing was written; fix that file first, then run the
    command again."""


class PlanBreaks(GateRefused):
    """The project would no longer work: {first}{more}. Nothing was written; {fix}."""


_NAMED = 3
"""The maximum number of places that a refusal names."""


@dataclass(frozen=True)
class Proposal:
    """The change that a command proposes. Preview, check and apply all use it."""

    root: Path
    plan: Plan = field(default_factory=Plan)
    old: Side | None = None
    """The project's side; None for a new project, a Copier template and `undo`."""
    new: Side | None = None
    markers: bool = False
    title: str = ""
    """A description of the command, if the two specs do not show what it does."""


def check(proposal: Proposal) -> None:
    """Raise a refusal if the plan must not be applied: PlanBreaks for issues, or the
    refusal for its conflicts."""
    plan = proposal.plan
    issues = [f for f in plan.findings if f.severity is Severity.ISSUE]
    if issues:
        more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
        first, fix = finding_text(issues[0]), _fix(issues, plan)
        raise PlanBreaks(first=first, more=more, fix=fix)
    undecided = {c.path for c in plan.changes if c.action is Action.CONFLICT}
    conflicts = plan.conflicts
    if proposal.markers:
        conflicts = tuple(c for c in conflicts if c.path in undecided)
    if conflicts:
        raise _refusal(conflicts, proposal)


def _refusal(conflicts: Sequence[Conflict], proposal: Proposal) -> Refusal:
    """The refusal of a plan with `conflicts` that cannot be written."""
    count, first = len(conflicts), conflicts[0]
    more = f" (and {count - 1} more)" if count > 1 else ""
    for conflict in conflicts:
        if conflict.obstacle:
            return UnmergeableFile(
                path=conflict.path, reason=conflict.reason, more=more
            )
    if proposal.markers:
        return UnwritableConflicts(first=f"{first.path}: {first.reason}", more=more)
    return PlanConflicts(count=counted(count, "conflict"))


def _fix(issues: Sequence[Finding], plan: Plan) -> str:
    """The instruction for the user to fix the first issue."""
    kept = {c.path for c in plan.changes if c.action is Action.KEEP}
    if in_the_way := sorted({f.path for f in issues if f.path in kept}):
        return (
            f"you edited {', '.join(in_the_way)}: move your code out of there, or run"
            " the command with --delete-edited"
        )
    if fix := issues[0].fix:
        return fix
    if len(issues) == 1:
        return f"change that {'line' if issues[0].line else 'file'} first"
    places = [*dict.fromkeys(map(_place, issues))]
    more = len(places) - _NAMED
    named = ", ".join(places[:_NAMED])
    return f"change {named}{f' and {more} more places' if more > 0 else ''} first"


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path


def carry_out(proposal: Proposal, command: str) -> None:
    """Apply the plan completely or not at all. `command` is its name in the history."""
    if not proposal.plan.writes:
        return
    make = create if proposal.old is None and is_fresh(proposal.root) else apply
    make(proposal.root, proposal.plan, command)


def is_fresh(root: Path) -> bool:
    """Whether `root` does not exist or is an empty folder."""
    return not root.exists() or (root.is_dir() and not any(root.iterdir()))


def finding_text(finding: Finding) -> str:
    where = _place(finding)
    return f"{where} {finding.message}" if where else finding.message
