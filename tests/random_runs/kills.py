"""A command that is killed at each of its writes leaves the project before it or after
it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastgen.apply.recovery import recover
from fastgen.apply.transaction import apply
from fastgen.plan import Plan
from tests.apply_trees import Effects, Killed

from .laws import Broken
from .snapshot import Snapshot, differing, snapshot

AT_MOST = 2_000


def killed_everywhere(
    copy: Path, plan: Plan, before: Snapshot, after: Snapshot, stride: int = 1
) -> tuple[int, list[Broken]]:
    """How many kills there were, and what was wrong. `copy` is the project as it was
    before `plan`; every write whose number `stride` divides is a kill."""
    broken: list[Broken] = []
    kills = 0
    with pytest.MonkeyPatch.context() as patch:
        effects = Effects(patch)
        for at in range(1, AT_MOST, stride):
            effects.fail(at, Killed())
            try:
                apply(copy, plan, "killed")
                cut = False
            except Killed:
                cut = True
                kills += 1
            effects.work()
            recover(copy)
            broken += _judged(at, snapshot(copy), before, after, cut=cut)
            if broken or not differing(snapshot(copy), after):
                break
    return kills, broken


def _judged(
    at: int, now: Snapshot, before: Snapshot, after: Snapshot, *, cut: bool
) -> Iterator[Broken]:
    law = "a kill leaves the project before or after"
    if cut and differing(now, before) and differing(now, after):
        yield Broken(law, f"write {at}: {', '.join(differing(now, before)[:5])}")
    if not cut and differing(now, after):
        yield Broken(law, f"without a kill: {', '.join(differing(now, after)[:5])}")


def copied(root: Path, copy: Path) -> Path:
    """`copy`, with all that is in `root`."""
    shutil.copytree(root, copy, symlinks=True)
    return copy
