"""The way to a set of modules leaves no trace in the project."""

from itertools import permutations
from pathlib import Path

import pytest

from .commands import fastgen
from .generated import Generated

ADDED = {
    "ci": ("add", "ci", "--set", "ci.provider=gitlab"),
    "docker": ("add", "docker"),
    "precommit": ("add", "precommit"),
}


@pytest.mark.parametrize("order", [*permutations(ADDED)], ids=",".join)
def test_modules_added_in_any_order_make_the_same_project(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    """Byte for byte what `new` makes with all of them, and `.env` as well."""
    at_once, step_by_step = (
        Generated(tmp_path / way / "my-api") for way in ("at-once", "step-by-step")
    )
    for project in (at_once, step_by_step):
        project.root.parent.mkdir()
    new = ("new", "my-api", "--no-install", "--no-git")
    chosen = ("--with", ",".join(order), "--set", "ci.provider=gitlab")
    fastgen(*new, *chosen, folder=at_once.root.parent)

    fastgen(*new, folder=step_by_step.root.parent)
    for name in order:
        assert step_by_step.files() != at_once.files()
        fastgen(*ADDED[name], "--no-install", folder=step_by_step.root)
    assert step_by_step.files() == at_once.files()
