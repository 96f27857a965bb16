"""`fastgen new` installs the project; then its own suite passes, with `make test`."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from .commands import CHECKOUT, UV, clean_environment, run
from .generated import free_port
from .written import written_tests

NEEDED = (
    *("awk", "env", "git", "make", "sh", "touch"),
    *("cat", "dirname", "mkdir", "rm", "sleep"),  # by the demo
)


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


@pytest.mark.slow
def test_the_demo_with_uv_whatever_lies_in_the_folder_above(
    tmp_path: Path, programs: dict[str, str]
) -> None:
    """It installs fastgen too, and asks the server of the project."""
    environment = with_programs(tmp_path / "bin", {**programs, "uv": UV})
    (tmp_path / "pyproject.toml").write_text("this is [ no TOML\n")
    (tmp_path / ".python-version").write_text("2.7\n")
    demo: list[str | Path] = ["sh", CHECKOUT / "scripts" / "demo.sh", tmp_path / "demo"]
    report = run(demo, tmp_path, {**environment, "PORT": str(free_port())})
    project = tmp_path / "demo" / "demo-api"
    check_suite(project, report, environment)
    assert 'GET /health/ready: {"status":"ok"}' in report
    committed = run(["git", "ls-files"], project, environment)
    assert "uv.lock" in committed.splitlines()
    run(["make", "lint", "types"], project, environment)


@pytest.mark.slow
def test_with_pip_where_there_is_no_uv(
    tmp_path: Path, programs: dict[str, str]
) -> None:
    environment = with_programs(tmp_path / "bin", programs)
    command = [sys.executable, "-m", "fastgen", "new", "my-api", "--preset", "api"]
    run(command, tmp_path, environment)
    project = tmp_path / "my-api"
    report = run(["make", "test"], project, environment)
    check_suite(project, report, environment)
    assert not (project / "uv.lock").exists()


def check_suite(project: Path, report: str, environment: dict[str, str]) -> None:
    """All of its tests passed, and nothing that was installed is uncommitted."""
    passed = re.search(r"= (\d+) passed in", report)
    assert passed, report
    assert int(passed[1]) >= len(written_tests(project, conditional=False))
    status = run(["git", "status", "--porcelain"], project, environment)
    assert status == "", "what was installed is committed, or ignored"
