"""What a command is going to do: the one value that preview and apply share."""

from dataclasses import dataclass
from enum import StrEnum

from fastgen.tree import File


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    MOVE = "move"
    KEEP = "keep"
    CONFLICT = "conflict"


class Severity(StrEnum):
    ISSUE = "issue"
    """The gate refuses the plan."""
    WARNING = "warning"
    """Something is left for the user to do."""
    NOTICE = "notice"
    """Something that the user may want to know."""


@dataclass(frozen=True)
class Change:
    """One file of a plan.

    `before` is what lies at `path` (for MOVE: at `source`) when the plan is made,
    None where nothing does. `after` is what will lie at `path`, None for DELETE. KEEP
    and CONFLICT write nothing, and have both equal.
    """

    path: str
    action: Action
    module: str
    before: File | None
    after: File | None
    source: str | None = None

    @property
    def writes(self) -> bool:
        return self.action not in (Action.KEEP, Action.CONFLICT)


@dataclass(frozen=True)
class Conflict:
    """A place that the user and the templates both changed; None: no such file."""

    path: str
    reason: str
    base: bytes | None
    next: bytes | None
    user: bytes | None
    obstacle: int = 0
    """The line of the user's text that prevents a merge: it does not parse, or has a
    conflict that is not resolved. 0: both sides changed the file."""


@dataclass(frozen=True)
class Finding:
    severity: Severity
    path: str
    message: str
    line: int | None = None
    fix: str = ""
    """What has to be done about an issue, if that is not to change the place."""


@dataclass(frozen=True)
class Plan:
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def writes(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.writes)
