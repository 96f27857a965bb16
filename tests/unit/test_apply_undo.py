"""Undo restores byte for byte, one transaction after the other, and loses no edit."""

import os
import shutil
from pathlib import Path

import pytest

from fastgen.apply.transaction import apply
from fastgen.apply.undo import EditedSince, HistoryDamaged, undo_history, undo_plan
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File
from tests.apply_trees import NEW, PLAN, lay, project, snapshot


def undo(root):
    apply(root, undo_plan(root), "undo")


def setting(number):
    """A plan that counts a file up, from nothing."""
    before = File(b"%d" % (number - 1)) if number > 1 else None
    action = Action.UPDATE if before else Action.CREATE
    return Plan((Change("count", action, "m", before, File(b"%d" % number)),))


def test_undo_restores_bytes_modes_and_folders(tmp_path):
    root = project(tmp_path)
    (root / "bin").mkdir()  # empty before, and after
    old = snapshot(root)
    apply(root, PLAN, "add auth")
    kept = {".env": snapshot(root)[".env"]}
    undo(root)
    assert snapshot(root) == old | kept


def test_undo_shows_the_inverse_of_what_was_shown(tmp_path):
    root = project(tmp_path)
    apply(root, PLAN, "add auth")
    shown = {(c.path, c.action, c.module, c.source) for c in undo_plan(root).changes}
    assert shown == {
        ("fastgen.toml", Action.UPDATE, "core", None),
        ("run.sh", Action.UPDATE, "core", None),
        ("serve.sh", Action.UPDATE, "core", None),
        ("app/old/gone.py", Action.CREATE, "core", None),
        ("app/report.py", Action.MOVE, "core", "app/reports/daily/report.py"),
        ("app/new.py", Action.DELETE, "auth", None),
        ("bin/serve", Action.DELETE, "auth", None),
    }


def test_undo_twice_goes_two_steps_back(tmp_path):
    for number in (1, 2, 3):
        apply(tmp_path, setting(number), f"set {number}")
    undo(tmp_path)
    assert (tmp_path / "count").read_bytes() == b"2"
    undo(tmp_path)
    assert (tmp_path / "count").read_bytes() == b"1"
    apply(tmp_path, setting(2), "set 2 again")
    undo(tmp_path)
    undo(tmp_path)
    assert not (tmp_path / "count").exists()
    assert not undo_plan(tmp_path).writes
    assert [
        (past.command, past.undoes, past.undone) for past in undo_history(tmp_path)
    ] == [
        ("undo", 1, False),
        ("undo", 6, False),
        ("set 2 again", None, True),
        ("undo", 2, False),
        ("undo", 3, False),
        ("set 3", None, True),
        ("set 2", None, True),
        ("set 1", None, True),
    ]


@pytest.mark.parametrize("path", [*NEW, "app/old/gone.py", "app/report.py"])
def test_undo_is_refused_where_a_file_was_edited_since(tmp_path, path):
    root = project(tmp_path)
    apply(root, PLAN, "add auth")
    lay(root, {path: File(b"edited\n")})
    edited = snapshot(root)
    if path in ("README.md", ".env"):  # which the undo leaves alone
        undo(root)
        assert (root / path).read_bytes() == b"edited\n"
        return
    with pytest.raises(EditedSince, match=path) as caught:
        undo(root)
    assert caught.value.exit_code == 3
    assert snapshot(root) == edited


def test_undo_keeps_what_was_put_into_a_new_folder(tmp_path):
    root = project(tmp_path)
    old = snapshot(root)
    apply(root, PLAN, "add auth")
    lay(root, {"bin/mine": File(b"mine")})
    undo(root)
    assert sorted(snapshot(root)) == sorted([*old, ".env", "bin", "bin/mine"])


def test_undo_keeps_a_mode_that_was_set_since(tmp_path):
    root = project(tmp_path)
    apply(root, PLAN, "add auth")
    (root / "fastgen.toml").chmod(0o600)
    mode = (root / "fastgen.toml").stat().st_mode
    undo(root)
    assert (root / "fastgen.toml").stat().st_mode == mode


def test_undo_restores_modes_whatever_the_umask_is(tmp_path):
    root = project(tmp_path)
    lay(root, {"run.py": File(b"x")})
    old = snapshot(root)
    apply(root, Plan((Change("run.py", Action.DELETE, "m", File(b"x"), None),)), "rm")
    umask = os.umask(0o077)
    try:
        undo(root)
    finally:
        os.umask(umask)
    assert snapshot(root) == old


@pytest.mark.parametrize("damage", [Path.unlink, lambda copy: copy.write_bytes(b"?")])
def test_undo_is_refused_without_the_old_files(tmp_path, damage):
    root = project(tmp_path)
    apply(root, PLAN, "add auth")
    new = snapshot(root)
    for copy in (root / ".fastgen/history/0001").glob("*.before"):
        damage(copy)
    with pytest.raises(HistoryDamaged, match="0001"):
        undo(root)
    assert snapshot(root) == new


def test_the_newest_fifty_are_remembered(tmp_path):
    for number in range(1, 54):
        apply(tmp_path, setting(number), f"set {number}")
    assert [past.number for past in undo_history(tmp_path)] == list(range(53, 3, -1))


def test_a_project_without_records_has_no_history(tmp_path):
    root = project(tmp_path)
    assert undo_history(root) == ()
    assert not undo_plan(root).writes
    apply(root, PLAN, "add auth")
    shutil.rmtree(root / ".fastgen")
    assert undo_history(root) == ()
