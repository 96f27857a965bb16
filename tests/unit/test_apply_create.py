"""A new project is there in full, or not at all."""

import errno
import os

import pytest

from fastgen.apply.create import NotAFolder, NotEmpty, create
from fastgen.apply.disk import DiskFull
from fastgen.apply.recovery import recover
from fastgen.apply.transaction import apply
from fastgen.apply.undo import undo_history, undo_plan
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File
from tests.apply_trees import Effects, Killed, contents, lay, refusal_in_child, snapshot

FILES = {
    "fastgen.toml": File(b"version = 1\n"),
    "src/my_api/main.py": File(b"app = 1\n"),
    "bin/serve": File(b"#!/bin/sh\n", 0o755),
}
PLAN = Plan(
    tuple(Change(p, Action.CREATE, "core", None, file) for p, file in FILES.items())
)
WHOLE = {path: file.content for path, file in FILES.items()}


@pytest.fixture
def effects(monkeypatch):
    return Effects(monkeypatch)


def test_a_project_is_made_with_its_parents(tmp_path):
    root = tmp_path / "deep" / "my-api"
    create(root, PLAN, "new my-api")
    assert contents(root) == WHOLE
    assert [entry.name for entry in root.parent.iterdir()] == ["my-api"]
    assert [past.command for past in undo_history(root)] == ["new my-api"]


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path):
    before = tmp_path.stat()
    create(tmp_path, PLAN, "new .")
    assert contents(tmp_path) == WHOLE
    after = tmp_path.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    lay(tmp_path, {"mine.txt": File(b"mine")})
    with pytest.raises(NotEmpty, match=r"mine\.txt"):
        create(tmp_path, PLAN, "new .")
    assert contents(tmp_path) == {"mine.txt": b"mine"}
    with pytest.raises(NotAFolder):
        create(tmp_path / "mine.txt", PLAN, "new mine.txt")


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
    ],
    ids=["interrupt", "full"],
)
def test_an_error_at_any_effect_leaves_nothing(tmp_path, effects, there, error, raised):
    for at in range(1, 1000):
        parent = tmp_path / str(at)
        root = parent / "deep" / "my-api"
        parent.mkdir()
        if there:
            root.mkdir(parents=True)
        before = list(parent.rglob("*"))
        effects.fail(at, error)
        try:
            create(root, PLAN, "new my-api")
        except raised:
            assert list(parent.rglob("*")) == before, at
        else:
            assert contents(root) == WHOLE
            break
        finally:
            effects.work()
    assert at > len(FILES)


@pytest.mark.parametrize("there", [False, True], ids=["new", "empty"])
def test_a_kill_at_any_effect_leaves_no_half_project(tmp_path, effects, there):
    for at in range(1, 1000):
        root = tmp_path / str(at) / "my-api"
        root.parent.mkdir()
        if there:
            root.mkdir()
        effects.fail(at, Killed())
        try:
            create(root, PLAN, "new my-api")
        except Killed:
            effects.work()
            if there:
                recover(root)
            assert not root.exists() or contents(root) in ({}, WHOLE), at
            if not root.exists() or not snapshot(root):
                create(root, PLAN, "new my-api")
        else:
            break
        finally:
            effects.work()
        assert contents(root) == WHOLE
    assert at > len(FILES)


def test_who_makes_the_folder_first_keeps_it(tmp_path, monkeypatch, effects):
    root = tmp_path / "my-api"
    real = effects.real["sync_folder"]

    def meanwhile(folder):
        lay(root, {"mine.txt": File(b"mine")})
        real(folder)

    monkeypatch.setattr("fastgen.apply.disk.sync_folder", meanwhile)
    with pytest.raises(NotEmpty):
        create(root, PLAN, "new my-api")
    assert contents(root) == {"mine.txt": b"mine"}
    assert list(tmp_path.iterdir()) == [root]


def test_a_new_project_can_be_undone_and_changed(tmp_path):
    root = tmp_path / "my-api"
    create(root, PLAN, "new my-api")
    later = Change("later.py", Action.CREATE, "m", None, File(b"x"))
    assert refusal_in_child(root, Plan((later,))) == ""
    apply(root, undo_plan(root), "undo")
    apply(root, undo_plan(root), "undo")
    assert os.listdir(root) == [".fastgen"]  # noqa: PTH208


def test_what_a_killed_command_left_is_taken_away_by_the_next(tmp_path, effects):
    effects.fail(at=12, error=Killed())
    with pytest.raises(Killed):
        create(tmp_path / "my-api", PLAN, "new my-api")
    assert [entry.name for entry in tmp_path.iterdir()] != []
    effects.work()
    create(tmp_path / "my-api", PLAN, "new my-api")
    assert [entry.name for entry in tmp_path.iterdir()] == ["my-api"]
