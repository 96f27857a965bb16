"""Refusals. Each class is one rule, and its docstring is the message printed to the
user."""

from collections.abc import Mapping
from inspect import cleandoc
from typing import ClassVar

INTERRUPTED = 130
TERMINATED = 143
"""Exit codes of a command that SIGINT or SIGTERM ended."""


class Refusal(Exception):
    """A command that cannot be carried out; nothing was written."""

    exit_code: ClassVar[int] = 2

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        text = " ".join(cleandoc(type(self).__doc__ or "").split())
        super().__init__(text.format(**facts))


class CutShort(BaseException):
    """A task was interrupted after the change was written; `message` says so, and
    `report` holds the same for `--json`."""

    def __init__(
        self, message: str, exit_code: int, report: Mapping[str, object]
    ) -> None:
        self.message = message
        self.exit_code = exit_code
        self.report = report
        super().__init__(message)


class WrongUsage(Refusal):
    """An invalid name, option or combination."""

    exit_code = 2


class NeedsPerson(Refusal):
    """A problem outside fastgen that a person has to fix."""

    exit_code = 3


class ConflictsRemain(Refusal):
    """You and the templates changed the same place; nothing was written."""

    exit_code = 4


class GateRefused(Refusal):
    """The project would no longer work."""

    exit_code = 5
