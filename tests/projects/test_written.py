"""How tests that never run are found: by what stands in the files of a project."""

from pathlib import Path

import pytest

from .conftest import Make
from .written import written_tests

TEXT = """
def test_always() -> None: ...


if POSTGRES:

    def test_sometimes() -> None: ...
"""

NEVER_RUN = """

def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if item.name != "test_a_running_process_is_live"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    for name in ("test_items", "test_login_timing", "test_server"):
        (tmp_path / "tests" / f"{name}.py").write_text(TEXT)
    return tmp_path


def test_all_files_count_unless_files_are_named_or_left_out(folder: Path) -> None:
    def files(*named: str, left_out: tuple[str, ...] = ()) -> set[str]:
        found = written_tests(folder, conditional=False, files=named, left_out=left_out)
        return {file for file, _ in found}

    assert files() == {"test_items", "test_login_timing", "test_server"}
    assert files("tests/test_items.py") == {"test_items"}
    left_out = ("test_*_timing.py", "test_server.py")
    assert files(left_out=left_out) == {"test_items"}


def test_tests_behind_a_condition_count_if_asked_for(folder: Path) -> None:
    files = ("tests/test_items.py",)
    for conditional, names in (
        (False, {"test_always"}),
        (True, {"test_always", "test_sometimes"}),
    ):
        found = written_tests(folder, conditional=conditional, files=files)
        assert {function for _, function in found} == names


def test_a_test_that_is_not_run_fails_the_run_of_its_file_alone(make: Make) -> None:
    project = make("my-api")
    with (project.root / "tests" / "conftest.py").open("a") as conftest:
        conftest.write(NEVER_RUN)
    project.passed(files=["tests/test_openapi.py"])
    with pytest.raises(AssertionError, match=r"written, and not run.*test_health"):
        project.passed(files=["tests/test_health.py"])
