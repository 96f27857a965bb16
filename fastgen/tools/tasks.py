"""Tasks after a plan is applied: dependencies and git. A failure undoes nothing."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.tools.git import outside_of_git, run_git

STAMP = ".venv/.installed"
"""The file by which the project's Makefile knows that the dependencies are up to date
with pyproject.toml."""


@dataclass(frozen=True)
class Task:
    """Commands to run in the project in sequence, until one fails."""

    title: str
    commands: tuple[tuple[str, ...], ...]
    again: str
    """The command that a user runs to repeat the task."""
    stamp: str = ""
    """A file to touch after success."""
    left: str = ""
    """A command that the user still has to run after success."""


def install_task(root: Path) -> Task:
    """The task that installs dependencies into `.venv`, with uv if available, else with
    venv and pip."""
    if shutil.which("uv"):
        title, commands = "Installing dependencies with uv", (("uv", "sync"),)
        return Task(title, commands, "uv sync", STAMP)
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    quiet = ("--quiet", "--disable-pip-version-check")
    pip = (str(root / ".venv" / inside), "-m", "pip", "install", *quiet)
    steps = (
        (_interpreter(), "-m", "venv", ".venv"),
        (*pip, "--upgrade", "pip>=25.1"),  # the first version with --group
        (*pip, "--editable", ".", "--group", "dev"),
    )
    return Task("Installing dependencies with pip", steps, "make install", STAMP)


def git_task(root: Path, message: str) -> Task | None:
    """The task that creates a repository with a first commit; None inside a repository
    or without git."""
    where = next(folder for folder in (root, *root.parents) if folder.is_dir())
    if not shutil.which("git") or _git_succeeds(
        where, "rev-parse", "--is-inside-work-tree"
    ):
        return None
    init = ("git", "init", "--quiet", "--initial-branch=main")
    add = ("git", "add", "--all")
    # A passphrase prompt would block a script, so the commit is not signed.
    commit = ("git", "-c", "commit.gpgSign=false", "commit", "--quiet", "-m", message)
    known = os.environ.get("GIT_AUTHOR_EMAIL") or _git_succeeds(
        where, "config", "user.email"
    )
    commands = (init, add, commit) if known else (init, add)
    # Without an email address git cannot commit and says how to configure one.
    left = "" if known else shlex.join(("git", "commit", "-m", message))
    again = "git init && git add --all"
    return Task("Making a git repository", commands, again, left=left)


def run_task(task: Task, root: Path) -> str:
    """Run `task` in `root` without showing its output.

    Returns the last lines of the failing command's output, or an empty text on success.
    """
    # Do not pass on the virtual environment of fastgen itself.
    others = ("VIRTUAL_ENV", "PYTHONPATH")
    clean = {k: v for k, v in outside_of_git().items() if k not in others}
    for command in task.commands:
        try:
            done = subprocess.run(
                command,
                cwd=root,
                env=clean,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            return f"{command[0]}: {error.strerror}"
        if done.returncode != 0:
            return _end_of(done.stdout) or f"{command[0]} failed"
    stamp = root / task.stamp
    if task.stamp and stamp.parent.is_dir():  # uv may use another folder
        stamp.touch()
    return ""


def _interpreter() -> str:
    """The Python interpreter outside fastgen's own virtual environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _git_succeeds(folder: Path, *command: str) -> bool:
    return run_git(*command, folder=folder).returncode == 0


def _end_of(output: str) -> str:
    lines: Sequence[str] = [
        line.rstrip() for line in output.splitlines() if line.strip()
    ]
    return "\n".join(lines[-12:])
