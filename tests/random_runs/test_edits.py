"""Every kind of edit can be made, and leaves a project that is as valid as before."""

import shutil
from pathlib import Path
from random import Random

import pytest

from .edits import KINDS, Editing
from .laws import problem
from .running import Runner
from .snapshot import Snapshot, differing, snapshot

COMMANDS = (
    (
        "generate",
        "resource",
        "Product",
        "title:str:max=120",
        "stock:int",
        "tags:list:str",
    ),
    ("generate", "field", "Product", "rating:float:optional"),
    ("generate", "endpoint", "Report"),
)
PROJECTS = {
    "github": ("--with", "auth,docker,ci,precommit"),
    "gitlab": (
        *("--with", "database,docker,ci,precommit", "--set", "ci.provider=gitlab"),
        *("--set", "database.orm=sqlmodel"),
    ),
}
TRIES = 8


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Projects with enough in them for every kind of edit."""
    runner = Runner()
    roots = []
    for name, words in PROJECTS.items():
        folder = tmp_path_factory.mktemp(name)
        runner(folder, "new", "shop", *words, "--no-install", "--no-git")
        for command in COMMANDS:
            assert runner(folder / "shop", *command, "--no-install").code == 0
        roots.append(folder / "shop")
    runner.recorder.close()
    return roots


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 200


@pytest.mark.matrix
@pytest.mark.parametrize("name", KINDS)
def test_an_edit_can_be_made(name: str, projects: list[Path], tmp_path: Path) -> None:
    for number in range(TRIES):
        root = tmp_path / f"shop{number}"
        shutil.copytree(projects[number % 2], root, symlinks=True)
        before = snapshot(root)
        random = Random(f"{name}/{number}")  # noqa: S311 (a test)
        if KINDS[name].edit(Editing(root, random, number + 1)):
            check(before, snapshot(root))
            return
        assert snapshot(root) == before
    pytest.fail("it could not be made")


def check(before: Snapshot, after: Snapshot) -> None:
    """Something changed, and all that parsed still does."""
    changed = differing(before, after)
    assert changed
    for path in changed:
        if path in after and not after[path].link:
            old = before.get(path)
            assert not problem(path, after[path].content) or (
                old and problem(path, old.content)
            ), path
