"""The plan of a command: the value that both preview and apply use."""

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
    """The user has to do something afterwards."""
    NOTICE = "notice"
    """Information that the user may want."""


@dataclass(frozen=True)
class Change:
    """The change to one file of a plan.

    `before` is the file at `path` (for MOVE: at `source`) when the plan is made, or
    None. `after` is the file that the plan leaves at `path`; None for DELETE. KEEP and
    CONFLICT write nothing; their `before` and `after` are equal.
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
    """A place that the user and the templates both changed. A version is None if it has
    no such file."""

    path: str
    reason: str
    base: bytes | None
    next: bytes | None
    user: bytes | None
    obstacle: int = 0
    """The line of the user's text that prevents a merge, because of a syntax error or
    an unresolved conflict; 0 if both sides changed the file."""


@dataclass(frozen=True)
class Finding:
    severity: Severity
    path: str
    message: str
    line: int | None = None
    fix: str = ""
    """How to fix an issue, if changing the reported line is not the fix."""


@dataclass(frozen=True)
class Plan:
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def writes(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.writes)
