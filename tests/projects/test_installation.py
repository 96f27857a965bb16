"""`fastgen new` installs the project; then its own suite passes, with `make test`."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from .commands import UV, clean_environment, run
from .written import written_tests

NEEDED = ("awk", "env", "git", "make", "sh", "touch")


def with_programs(folder: Path, programs: dict[str, str]) -> dict[str, str]:
    """An environment whose PATH is `folder`, with nothing but these programs in it."""
    folder.mkdir()
    for name, program in programs.items():
        (folder / name).symlink_to(program)
    return clean_environment() | {"PATH": str(folder)}


@pytest.fixture
def programs() -> dict[str, str]:
    """What every project's Makefile needs, and the Python that `python3` is."""
    found = {name: shutil.which(name) for name in NEEDED}
    python = {"python3": os.path.realpath(sys.executable)}
    return {name: path for name, path in found.items() if path} | python


def installed(folder: Path, environment: dict[str, str]) -> Path:
    command = [sys.executable, "-m", "fastgen", "new", "my-api", "--preset", "api"]
    run(command, folder, environment)
    project = folder / "my-api"
    report = run(["make", "test"], project, environment)
    passed = re.search(r"= (\d+) passed in", report)
    assert passed, report
    assert int(passed[1]) >= len(written_tests(project, conditional=False))
    status = run(["git", "status", "--porcelain"], project, environment)
    assert status == "", "what was installed is committed, or ignored"
    return project


@pytest.mark.slow
def test_with_uv_whatever_lies_in_the_folder_above(
    tmp_path: Path, programs: dict[str, str]
) -> None:
    environment = with_programs(tmp_path / "bin", {**programs, "uv": UV})
    (tmp_path / "pyproject.toml").write_text("this is [ no TOML\n")
    (tmp_path / ".python-version").write_text("2.7\n")
    project = installed(tmp_path, environment)
    committed = run(["git", "ls-files"], project, environment)
    assert "uv.lock" in committed.splitlines()
    run(["make", "check"], project, environment)


@pytest.mark.slow
def test_with_pip_where_there_is_no_uv(
    tmp_path: Path, programs: dict[str, str]
) -> None:
    environment = with_programs(tmp_path / "bin", programs)
    project = installed(tmp_path, environment)
    assert not (project / "uv.lock").exists()
