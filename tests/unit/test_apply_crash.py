"""A cut at any instant leaves the old tree or the new one, and never half of either."""

import errno
import pickle
import subprocess
import sys
import time

import pytest

from fastgen.apply.disk import DiskFailed, DiskFull, NotPermitted
from fastgen.apply.journal import JournalUnreadable
from fastgen.apply.paths import LeavesProject, Symlink
from fastgen.apply.recovery import NotRestored, recover
from fastgen.apply.transaction import apply
from fastgen.apply.undo import undo_history, undo_plan
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File
from tests.apply_trees import (
    NEW,
    OLD,
    PLAN,
    Effects,
    Killed,
    contents,
    created,
    lay,
    project,
    snapshot,
)

_ENOUGH = 1000


@pytest.fixture
def effects(monkeypatch):
    return Effects(monkeypatch)


def killed(effects, at, work):
    """Whether `work` was killed at its effect number `at`; else it was done before."""
    effects.fail(at, Killed())
    try:
        work()
    except Killed:
        return True
    finally:
        effects.work()
    return False


def new_tree(folder):
    apply(project(folder), PLAN, "add auth")
    return snapshot(folder)


def test_a_kill_at_any_effect_leaves_the_old_tree_or_the_new(tmp_path, effects):
    new = new_tree(tmp_path / "new")
    seen = []
    for at in range(1, _ENOUGH):
        root = project(tmp_path / str(at))
        old = snapshot(root)
        cut = killed(effects, at, lambda root=root: apply(root, PLAN, "add auth"))
        recover(root)
        tree = snapshot(root)
        assert tree in (old, new), at
        assert len(undo_history(root)) == (tree == new)
        assert not (root / ".fastgen" / "transaction").exists()
        assert recover(root) is None
        if not cut:
            break
        seen.append(tree == new)
    assert seen.count(False) > len(PLAN.writes)
    assert seen == sorted(seen), "once the new tree is there, it stays"


def test_a_kill_at_any_effect_of_the_rollback_is_rolled_back_too(tmp_path, effects):
    for at in range(1, _ENOUGH):
        for again in range(1, _ENOUGH):
            root = project(tmp_path / f"{at}-{again}")
            old = snapshot(root)
            if not killed(effects, at, lambda root=root: apply(root, PLAN, "add")):
                return
            if undo_history(root):
                return
            if not (root / ".fastgen/transaction/journal.json").exists():
                break  # nothing to put back yet
            cut = killed(effects, again, lambda root=root: recover(root))
            recover(root)
            assert snapshot(root) == old, (at, again)
            if not cut:
                break


def test_a_kill_at_any_effect_of_an_undo_is_as_safe(tmp_path, effects):
    for at in range(1, _ENOUGH):
        root = project(tmp_path / str(at))
        old = snapshot(root)
        apply(root, PLAN, "add auth")
        new = snapshot(root)
        undone = old | {".env": new[".env"]}
        cut = killed(
            effects, at, lambda root=root: apply(root, undo_plan(root), "undo")
        )
        recover(root)
        tree = snapshot(root)
        assert tree in (undone, new), at
        assert undo_history(root)[-1].undone == (tree == undone)
        if not cut:
            break
    assert tree == undone


def test_a_kill_at_any_effect_of_the_undo_of_new_loses_nothing_of_the_users(
    tmp_path, effects
):
    plan = Plan(tuple(created(path) for path in NEW))
    own = {".env": File(b"MINE=1\n", 0o600), "notes/mine": File(b"mine\n")}
    for at in range(1, _ENOUGH):
        root = tmp_path / str(at)
        root.mkdir()
        apply(root, plan, "new shop")
        lay(root, own)
        made = contents(root)
        cut = killed(
            effects, at, lambda root=root: apply(root, undo_plan(root), "undo")
        )
        recover(root)
        left = {path: file.content for path, file in own.items()}
        assert contents(root) in (made, left), at
        assert undo_history(root)[-1].undone == (contents(root) == left)
        if not cut:
            break
    assert contents(root) == left
    assert sorted(path.name for path in root.iterdir()) == [
        ".env",
        ".fastgen",
        "notes",
    ]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (PermissionError(errno.EACCES, "Permission denied", "x"), NotPermitted),
        (OSError(errno.EIO, "Input/output error", "x"), DiskFailed),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_an_error_at_any_effect_is_taken_back_at_once(tmp_path, effects, error, raised):
    new = new_tree(tmp_path / "new")
    for at in range(1, _ENOUGH):
        root = project(tmp_path / str(at))
        old = snapshot(root)
        effects.fail(at, error)
        try:
            apply(root, PLAN, "add auth")
        except raised:
            assert snapshot(root) == old, at
            assert not (root / ".fastgen" / "transaction").exists()
            assert undo_history(root) == ()
        else:
            assert snapshot(root) == new
            break
        finally:
            effects.work()
    assert at > len(PLAN.writes)


def edited_after_a_crash(root, effects):
    """A project that was interrupted at the rename that commits, and edited since."""
    effects.fail(0, Killed())
    apply(project(root / "whole"), PLAN, "add auth")
    cut = project(root / "cut")
    assert killed(effects, effects.count, lambda: apply(cut, PLAN, "add auth"))
    (cut / "run.sh").write_bytes(b"written by hand\n")
    (cut / "app/new.py").write_bytes(b"so was this\n")
    (cut / "bin/mine").write_bytes(b"and this\n")
    return cut


def test_what_was_written_after_a_crash_stays(tmp_path, effects):
    not_restored = {
        NotRestored("run.sh", ".fastgen/kept/0001/run.sh"),
        NotRestored("app/new.py", None),
    }
    for at in range(1, _ENOUGH):
        root = edited_after_a_crash(tmp_path / str(at), effects)
        cut = killed(effects, at, lambda root=root: recover(root))
        recovery = recover(root)

        assert contents(root) == {
            **{path: file.content for path, file in OLD.items()},
            "run.sh": b"written by hand\n",
            "app/new.py": b"so was this\n",
            "bin/mine": b"and this\n",
        }
        copy = root / ".fastgen/kept/0001/run.sh"
        assert copy.read_bytes() == OLD["run.sh"].content
        assert recovery is None or set(recovery.not_restored) == not_restored
        if not cut:
            break
    assert at > len(OLD)


def test_a_rollback_says_what_it_did(tmp_path, effects):
    recovery = recover(edited_after_a_crash(tmp_path, effects))
    assert recovery is not None
    assert recovery.command == "add auth"
    assert "fastgen.toml" in recovery.restored
    assert [file.path for file in recovery.not_restored] == ["run.sh", "app/new.py"]


def test_the_next_change_begins_with_the_rollback(tmp_path, effects):
    root = edited_after_a_crash(tmp_path, effects)
    before, after = File(b"written by hand\n"), File(b"next\n")
    later = Change("run.sh", Action.UPDATE, "core", before, after)
    apply(root, Plan((later,)), "later")
    assert (root / "fastgen.toml").read_bytes() == OLD["fastgen.toml"].content
    assert (root / "run.sh").read_bytes() == after.content


_CHILD = """
import pickle, sys
from fastgen.apply.transaction import apply
root, plan = pickle.loads(sys.stdin.buffer.read())
apply(root, plan, "add auth")
"""


def many(count):
    changes = [
        Change(f"app/m{n % 4}/f{n}.py", Action.CREATE, "m", None, File(b"x" * 2000))
        for n in range(count)
    ]
    return Plan((*PLAN.changes, *changes))


def test_real_kills_leave_the_old_tree_or_the_new(tmp_path):
    plan = many(40)
    whole = project(tmp_path / "whole")
    apply(whole, plan, "add auth")
    new = snapshot(whole)
    cut_at = []
    for turn in range(20):
        root = project(tmp_path / str(turn))
        old = snapshot(root)
        folder = root / ".fastgen/transaction"
        # A third of the kills while it stages, the others while it renames.
        landmark = folder if turn % 3 == 0 else folder / "journal.json"
        with subprocess.Popen([sys.executable, "-c", _CHILD], stdin=-1) as child:
            assert child.stdin is not None
            child.stdin.write(pickle.dumps((root, plan)))
            child.stdin.close()
            while not landmark.exists() and child.poll() is None:
                pass
            time.sleep(turn / 2000)
            child.kill()
        if (folder / "journal.json").exists():
            cut_at.append("renaming")
        elif folder.exists():
            cut_at.append("staging")
        recover(root)
        assert snapshot(root) in (old, new), turn
    assert {"staging", "renaming"} <= set(cut_at)


def test_a_record_that_cannot_be_read_is_refused(tmp_path):
    root = project(tmp_path)
    folder = root / ".fastgen" / "transaction"
    folder.mkdir(parents=True)
    (folder / "journal.json").write_text('{"format": 2}')
    with pytest.raises(JournalUnreadable, match="transaction"):
        recover(root)


def test_a_record_that_points_outside_is_refused(tmp_path):
    root = project(tmp_path / "p")
    outside = lay(tmp_path, {"victim": File(b"safe\n")}) / "victim"
    folder = root / ".fastgen" / "transaction"
    folder.mkdir(parents=True)
    version = '{"digest": "", "mode": 420}'
    (folder / "journal.json").write_text(
        '{"format": 1, "number": 1, "command": "", "undoes": null, "steps": [],'
        ' "made": [], "emptied": [], "rows": [{"path": "../victim", "before": null,'
        f' "after": {version}}}]}}'
    )
    with pytest.raises(LeavesProject):
        recover(root)
    assert outside.read_bytes() == b"safe\n"


@pytest.mark.skipif(sys.platform == "win32", reason="symlinks need a privilege there")
def test_a_record_behind_a_symlink_is_refused(tmp_path, effects):
    cut = edited_after_a_crash(tmp_path / "cut", effects)
    root = project(tmp_path / "p")
    (root / ".fastgen").mkdir()
    (root / ".fastgen/transaction").symlink_to(cut / ".fastgen/transaction")
    with pytest.raises(Symlink):
        recover(root)
    assert (cut / ".fastgen/transaction/journal.json").exists()
