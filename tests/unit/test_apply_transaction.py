"""A plan is carried out as it says, or refused with one line."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fastgen.apply import disk
from fastgen.apply.lock import AlreadyRunning, locked
from fastgen.apply.preconditions import ChangedMeanwhile, OtherDisk, ReadOnlyFile
from fastgen.apply.recovery import recover
from fastgen.apply.transaction import apply
from fastgen.plan import Action, Change, Plan
from fastgen.tree import File
from tests.apply_trees import (
    NEW,
    OLD,
    PLAN,
    contents,
    lay,
    project,
    refusal_in_child,
    snapshot,
)

posix = pytest.mark.skipif(os.name == "nt", reason="modes are a POSIX matter")


def mode_of(path):
    return stat.S_IMODE(path.lstat().st_mode)


def updating(path, before, after):
    return Plan((Change(path, Action.UPDATE, "m", before, after),))


@pytest.fixture
def umask():
    """Sets the umask for a test."""
    old = os.umask(0o022)
    yield os.umask
    os.umask(old)


@pytest.fixture
def open_folder():
    """A folder that any user of the machine may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


def test_a_plan_is_carried_out_as_it_says(tmp_path):
    root = project(tmp_path)
    apply(root, PLAN, "add auth")
    assert contents(root) == {path: file.content for path, file in NEW.items()}
    assert not (root / "app/old").exists(), "emptied by the deletion"


def test_a_plan_without_writes_leaves_no_trace(tmp_path):
    apply(tmp_path, Plan((PLAN.changes[0],)), "add auth")
    assert list(tmp_path.iterdir()) == []


@posix
def test_files_keep_their_modes_and_new_ones_get_theirs(tmp_path, umask):
    root = project(tmp_path)
    (root / "fastgen.toml").chmod(0o664)  # since the plan was made
    apply(root, PLAN, "add auth")
    assert {path: mode_of(root / path) for path in NEW} == {
        "fastgen.toml": 0o664,
        "README.md": 0o644,
        "run.sh": 0o755,
        "serve.sh": 0o755,
        "app/reports/daily/report.py": 0o640,
        "app/new.py": 0o644,
        "bin/serve": 0o755,
        ".env": 0o600,
    }


@posix
def test_a_new_file_respects_the_umask(tmp_path, umask):
    umask(0o027)
    apply(project(tmp_path), PLAN, "add auth")
    assert mode_of(tmp_path / "app/new.py") == 0o640
    assert mode_of(tmp_path / "bin/serve") == 0o750
    assert mode_of(tmp_path / ".env") == 0o600
    assert mode_of(tmp_path / "run.sh") == 0o755, "it was there before"


@posix
def test_records_are_closed_to_others_and_hidden_from_git(tmp_path):
    apply(project(tmp_path), PLAN, "add auth")
    state = tmp_path / ".fastgen"
    folders = [state, *(path for path in state.rglob("*") if path.is_dir())]
    assert {mode_of(folder) for folder in folders} == {0o700}
    assert (state / ".gitignore").read_text() == "*\n"


def test_only_folders_that_the_deletion_emptied_go(tmp_path):
    root = lay(tmp_path, {"a/b/c/x": File(b"x"), "a/mine": File(b"mine")})
    (root / "empty").mkdir()
    gone = Change("a/b/c/x", Action.DELETE, "m", File(b"x"), None)
    apply(root, Plan((gone,)), "remove")
    assert sorted(snapshot(root)) == ["a", "a/mine", "empty"]


@pytest.mark.parametrize("change", PLAN.writes, ids=lambda change: change.path)
def test_a_file_edited_since_the_plan_was_made_is_refused(tmp_path, change):
    root = project(tmp_path)
    path = change.source or change.path
    lay(root, {path: File(b"edited\n")})
    old = snapshot(root)
    with pytest.raises(ChangedMeanwhile, match=path):
        apply(root, PLAN, "add auth")
    assert snapshot(root) == old


def test_a_file_deleted_since_the_plan_was_made_is_refused(tmp_path):
    root = project(tmp_path)
    (root / "app/report.py").unlink()
    with pytest.raises(ChangedMeanwhile, match=r"app/report\.py"):
        apply(root, PLAN, "add auth")


@pytest.mark.parametrize("path", ["run.sh", "app/old/gone.py", "app/new.py"])
def test_a_file_edited_while_the_plan_is_staged_is_refused(tmp_path, monkeypatch, path):
    root = project(tmp_path)
    real = disk.sync_folder

    def meanwhile(folder):
        if folder.name == "transaction":
            lay(root, {path: File(b"edited\n")})
        real(folder)

    monkeypatch.setattr(disk, "sync_folder", meanwhile)
    with pytest.raises(ChangedMeanwhile, match=path):
        apply(root, PLAN, "add auth")
    assert contents(root) == {
        **{name: file.content for name, file in OLD.items()},
        path: b"edited\n",
    }


def test_files_that_change_places_are_two_moves(tmp_path):
    one, two = File(b"1"), File(b"2")
    root = lay(tmp_path, {"one": one, "two": two})
    swap = Plan(
        (
            Change("two", Action.MOVE, "m", one, one, source="one"),
            Change("one", Action.MOVE, "m", two, two, source="two"),
        )
    )
    apply(root, swap, "upgrade")
    assert contents(root) == {"one": b"2", "two": b"1"}


def test_a_read_only_file_is_refused(tmp_path):
    before = File(b"x", 0o444)
    root = lay(tmp_path, {"run": before})
    with pytest.raises(ReadOnlyFile, match="run is read-only"):
        apply(root, updating("run", before, File(b"y", 0o444)), "add")
    (root / "run").chmod(0o644)


@posix
@pytest.mark.parametrize("closed", [".", "app", "app/old"])
def test_a_folder_that_may_not_be_written_is_refused(open_folder, closed):
    root = project(open_folder / "p")
    if os.geteuid() == 0:  # whom no mode stops: another user tries
        for path in (root, *root.rglob("*")):
            shutil.chown(path, 65534, 65534)
    (root / closed).chmod(0o555)
    old = snapshot(root)
    become = (
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    )

    said = refusal_in_child(root, PLAN, become)

    (root / closed).chmod(0o755)
    assert said.startswith("NotPermitted 3 You may not write"), said
    assert said.count("\n") == 1
    assert {**snapshot(root), closed: None} == {**old, closed: None}


@posix
def test_a_full_disk_is_refused_and_nothing_is_changed(tmp_path):
    root = project(tmp_path)
    old = snapshot(root)
    large = Change("large", Action.CREATE, "m", None, File(b"x" * 100_000))
    limit = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    )
    said = refusal_in_child(root, Plan((*PLAN.changes, large)), limit)
    assert said.startswith("DiskFull 3 The disk is full"), said
    assert snapshot(root) == old
    assert not (root / ".fastgen/transaction").exists()


@posix
def test_a_file_on_another_disk_is_refused(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(data)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("this user cannot mount a disk")
    try:
        new = Change("data/x", Action.CREATE, "m", None, File(b"x"))
        with pytest.raises(OtherDisk, match="data/x"):
            apply(tmp_path, Plan((new,)), "add")
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_another_process_is_refused_while_one_is_at_work(tmp_path):
    root = project(tmp_path)
    with locked(root):
        said = refusal_in_child(root, PLAN)
    assert said.startswith("AlreadyRunning 3 Another fastgen is at work"), said
    assert refusal_in_child(root, PLAN) == ""
    assert contents(root)["app/new.py"] == b"new = 1\n"


def is_refused_in_another_thread(act: Callable[[], object]) -> bool:
    with ThreadPoolExecutor(1) as other:
        return isinstance(other.submit(act).exception(), AlreadyRunning)


def test_another_thread_is_refused_while_one_is_at_work(tmp_path):
    def hold():
        with locked(tmp_path):
            pass

    with locked(tmp_path):
        assert is_refused_in_another_thread(hold)


def test_who_holds_the_project_may_apply(tmp_path):
    root = project(tmp_path)
    with locked(root):
        assert recover(root) is None
        apply(root, PLAN, "add auth")
    assert contents(root)["app/new.py"] == b"new = 1\n"


def test_a_rollback_waits_for_a_transaction_that_is_alive(tmp_path):
    (tmp_path / ".fastgen" / "transaction").mkdir(parents=True)
    with locked(tmp_path):
        assert is_refused_in_another_thread(lambda: recover(tmp_path))
    assert (tmp_path / ".fastgen" / "transaction").exists()
