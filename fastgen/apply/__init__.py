"""Plan -> disk: the only part of fastgen that writes to a project."""

from fastgen.apply.create import create
from fastgen.apply.lock import locked
from fastgen.apply.preconditions import UndoPlan
from fastgen.apply.recovery import Kept, Recovery, recover
from fastgen.apply.transaction import apply
from fastgen.apply.undo import Past, history, undo_plan

__all__ = [
    "Kept",
    "Past",
    "Recovery",
    "UndoPlan",
    "apply",
    "create",
    "history",
    "locked",
    "recover",
    "undo_plan",
]
