"""Which of several equal choices a run takes: the date of the commit says so.

The same commit always takes the same choice, and in as many days as there are choices
each of them has its turn. `make matrix ROWS=all` takes all of them at once.
"""

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from .commands import CHECKOUT

Choice = TypeVar("Choice")

ALL = "make matrix ROWS=all"

SECONDS_OF_A_DAY = 24 * 60 * 60


def takes_all() -> bool:
    """Whether this run takes every choice."""
    chosen = os.environ.get("ROWS", "")
    if chosen not in ("", "all"):
        raise ValueError(f"ROWS={chosen}: `{ALL}` is the only choice")
    return chosen == "all"


def today(choices: Sequence[Choice]) -> Choice:
    """The choice of the day of the commit."""
    return choices[commit_day() % len(choices)]


def rotated(choices: Sequence[Choice]) -> list[Choice]:
    """The choices that this run takes: that of today, or all."""
    if takes_all():
        return list(choices)
    return [today(choices)]


@cache
def commit_day(checkout: Path = CHECKOUT) -> int:
    """The number of the day on which HEAD was committed; 0 without a git history."""
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(
        command, cwd=checkout, capture_output=True, text=True, check=False
    )
    return int(done.stdout) // SECONDS_OF_A_DAY if done.returncode == 0 else 0
