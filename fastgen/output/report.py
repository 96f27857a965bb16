"""The result of a command, printed as text or with `--json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastgen.errors import Refusal
from fastgen.plan import Finding, Plan, Severity


@dataclass(frozen=True)
class Report:
    """The result of a command. docs/json.md describes `as_json`."""

    command: str
    applied: bool = False
    exit_code: int = 0
    plan: Plan = field(default_factory=Plan)
    extra: tuple[Finding, ...] = ()
    """Findings outside the plan: a failed task or an error."""
    next: tuple[str, ...] = ()
    again: str = ""
    """The command that recreates the project; set only by `new`."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.plan.findings, *self.extra)

    def as_json(self) -> Mapping[str, Any]:
        return {
            "command": self.command,
            "applied": self.applied,
            "exit_code": self.exit_code,
            "files": [
                {"path": c.path, "action": str(c.action), "module": c.module}
                | ({"source": c.source} if c.source else {})
                for c in self.plan.changes
            ],
            "conflicts": [
                {"path": c.path, "reason": c.reason} for c in self.plan.conflicts
            ],
            "findings": [
                {
                    "severity": str(f.severity),
                    "path": f.path,
                    "line": f.line,
                    "message": f.message,
                }
                for f in self.findings
            ],
            "next": list(self.next),
        } | ({"again": self.again} if self.again else {})


def refusal_finding(refusal: Refusal) -> Finding:
    return Finding(Severity.ISSUE, "", str(refusal))


def refused(command: str, message: str, code: int) -> Report:
    """The report of a command that failed before it had a plan."""
    finding = Finding(Severity.ISSUE, "", message)
    return Report(command, exit_code=code, extra=(finding,))
