"""Validates the project's settings by running the project's own code."""

import os
import subprocess
from collections.abc import Iterator, Sequence

from fastgen.catalog.module import CORE
from fastgen.change.file_states import Surveyed
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project
from fastgen.tools.git import outside_of_git
from fastgen.tree import ENVIRONMENT

_SETTINGS = "settings.py"
_READER = "get_settings"
_PROBLEM = "Settings: "
"""The prefix of each problem that `get_settings` writes when the process exits."""
_TIMEOUT = 60


def settings_findings(project: Project, files: Sequence[Surveyed]) -> Iterator[Finding]:
    """An ISSUE for each invalid setting, in `.env` or in the environment.

    Reads the settings with the Python in the project's `.venv`. Without one, a notice
    says that the settings were not checked.
    """
    place = next((file.place for file in files if _defines_settings(file)), "")
    if not place:
        return
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = project.root / ".venv" / inside
    if not python.is_file():
        message = (
            "the settings were not checked, because there is no .venv:"
            " `make install` makes it"
        )
        yield Finding(Severity.NOTICE, ENVIRONMENT, message)
        return
    module = place.removeprefix("src/").removesuffix(".py").replace("/", ".")
    code = f"from {module} import {_READER}; {_READER}()"
    try:
        done = subprocess.run(
            [python, "-c", code],
            cwd=project.root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        yield _unchecked(place, str(error))
        return
    if done.returncode == 0:
        return
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    problems = [line for line in lines if line.startswith(_PROBLEM)]
    for problem in problems:
        yield Finding(Severity.ISSUE, ENVIRONMENT, problem.removeprefix(_PROBLEM))
    if not problems:
        yield _unchecked(place, lines[-1] if lines else "no reason given")


def _defines_settings(file: Surveyed) -> bool:
    return (
        file.entry.module == CORE
        and file.path.endswith(f"/{_SETTINGS}")
        and file.file is not None
        and f"def {_READER}(".encode() in file.file.content
    )


def _environment() -> dict[str, str]:
    """The environment without variables that belong to fastgen's Python."""
    others = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    return {k: v for k, v in outside_of_git().items() if k not in others}


def _unchecked(place: str, reason: str) -> Finding:
    message = f"the settings could not be read, and were not checked: {reason}"
    return Finding(Severity.WARNING, place, message)
