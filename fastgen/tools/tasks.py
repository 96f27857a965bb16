"""What runs once a plan is applied: dependencies and git. A failure undoes nothing."""

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
"""Where the project's Makefile looks whether the dependencies are as pyproject.toml has
them."""


@dataclass(frozen=True)
class Task:
    """Commands to run in the project, one after the other, until one fails."""

    title: str
    commands: tuple[tuple[str, ...], ...]
    again: str
    """What a person types to do it again."""
    stamp: str = ""
    """A file to touch when all went well."""
    left: str = ""
    """What is left for a person to do when all went well."""


def install_task(root: Path) -> Task:
    """Dependencies into `.venv`: with uv where it is, else with venv and pip."""
    if shutil.which("uv"):
        title, commands = "Installing dependencies with uv", (("uv", "sync"),)
        return Task(title, commands, "uv sync", STAMP)
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    quiet = ("--quiet", "--disable-pip-version-check")
    pip = (str(root / ".venv" / inside), "-m", "pip", "install", *quiet)
    steps = (
        (_interpreter(), "-m", "venv", ".venv"),
        (*pip, "--upgrade", "pip>=25.1"),  # the first that knows --group
        (*pip, "--editable", ".", "--group", "dev"),
    )
    return Task("Installing dependencies with pip", steps, "make install", STAMP)


def git_task(root: Path, message: str) -> Task | None:
    """A repository with a first commit; None inside of one, or without git."""
    where = next(folder for folder in (root, *root.parents) if folder.is_dir())
    if not shutil.which("git") or _git_succeeds(
        where, "rev-parse", "--is-inside-work-tree"
    ):
        return None
    init = ("git", "init", "--quiet", "--initial-branch=main")
    add = ("git", "add", "--all")
    # A prompt for a passphrase must not block a script; sign when you amend it.
    commit = ("git", "-c", "commit.gpgSign=false", "commit", "--quiet", "-m", message)
    known = os.environ.get("GIT_AUTHOR_EMAIL") or _git_succeeds(
        where, "config", "user.email"
    )
    commands = (init, add, commit) if known else (init, add)
    # Without a name and an address git commits nothing, and says how to give them.
    left = "" if known else shlex.join(("git", "commit", "-m", message))
    again = "git init && git add --all"
    return Task("Making a git repository", commands, again, left=left)


def run_task(task: Task, root: Path) -> str:
    """Run `task` in `root`; nothing it prints is shown unless it fails.

    The end of what the failing command printed, or empty when all went well.
    """
    # The environment that fastgen itself runs in is not the project's.
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
    if task.stamp and stamp.parent.is_dir():  # uv may have been told another place
        stamp.touch()
    return ""


def _interpreter() -> str:
    """Python outside of the environment that fastgen is installed in."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _git_succeeds(folder: Path, *command: str) -> bool:
    return run_git(*command, folder=folder).returncode == 0


def _end_of(output: str) -> str:
    lines: Sequence[str] = [
        line.rstrip() for line in output.splitlines() if line.strip()
    ]
    return "\n".join(lines[-12:])
