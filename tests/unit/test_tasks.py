"""What runs once a project is made."""

import subprocess

from fastgen.tools.tasks import git_task, run_task


def test_a_commit_is_left_to_somebody_whom_git_does_not_know(tmp_path, monkeypatch):
    for name in ("GIT_AUTHOR_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "app.py").touch()
    task = git_task(tmp_path, "It begins")
    assert task is not None
    assert run_task(task, tmp_path) == ""
    assert task.left == "git commit -m 'It begins'"
    staged = ["git", "diff", "--cached", "--name-only"]
    done = subprocess.run(staged, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == b"app.py\n"


def test_nothing_is_left_to_somebody_whom_git_knows(tmp_path, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    (tmp_path / "app.py").touch()
    task = git_task(tmp_path, "It begins")
    assert task is not None
    assert run_task(task, tmp_path) == ""
    assert task.left == ""
    log = ["git", "log", "--format=%s"]
    done = subprocess.run(log, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == b"It begins\n"
