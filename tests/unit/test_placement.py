"""Files that git ignores, and files that only the root of a repository can have."""

import os
import subprocess
from pathlib import Path

import pytest

from fastgen.catalog.facts import RepositoryFile
from fastgen.change.deleted_tests import with_tests_as_deleted
from fastgen.change.placement import ignored_findings, misplaced_findings
from fastgen.plan import Action, Change, Plan
from fastgen.tree import Entry, File
from tests.kit import catalog

FILES = (RepositoryFile("ci.yml", "add `cd {folder}`"),)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def test_a_file_of_the_repository_is_reported_in_a_folder_below(repository) -> None:
    project = repository / "apps" / "api"
    project.mkdir(parents=True)
    (found,) = misplaced_findings(project, FILES, ["ci.yml", "main.py"])
    assert found.path == "ci.yml"
    assert f"move it to {repository.resolve()}/ci.yml" in found.message
    assert "add `cd apps/api`" in found.message
    assert not [*misplaced_findings(project, FILES, ["main.py"])]
    assert not [*misplaced_findings(repository, FILES, ["ci.yml"])]


def test_a_project_that_is_not_there_yet_counts_as_in_its_folder(repository) -> None:
    assert [*misplaced_findings(repository / "a" / "b", FILES, ["ci.yml"])]


def test_outside_of_a_repository_no_file_is_misplaced(tmp_path: Path) -> None:
    assert not [*misplaced_findings(tmp_path, FILES, ["ci.yml"])]


def test_every_file_that_a_module_declares_is_one_that_it_writes() -> None:
    for module in catalog().modules.values():
        for variant in module.variants:
            for file in variant.facts.repository_files:
                assert variant.files
                assert list(variant.files.glob(f"{file.path}*")), file.path


@pytest.mark.parametrize(
    ("rule", "path", "hidden"),
    [
        ("lib/", "src/shop/lib/a.py", True),
        ("*.env*", ".env.example", True),
        ("logs", "src/shop/logs/a.py", True),
        ("/logs/", "src/shop/logs/a.py", False),
        ("*.log\n!keep.log", "keep.log", False),
        (".env", ".env", False),
    ],
)
@pytest.mark.parametrize("place", [".", "apps/api"])
def test_paths_that_git_ignores_are_reported_with_the_rule(
    repository: Path, rule: str, path: str, hidden: bool, place: str
) -> None:
    (repository / ".gitignore").write_text(f"# ours\n{rule}\n")
    found = [*ignored_findings(repository / place, [path, "main.py"])]
    assert len(found) == hidden
    for finding in found:
        above = "../../" if place != "." else ""
        assert (finding.path, finding.line) == (f"{above}.gitignore", 2)
        assert f"`{rule}` makes git ignore {path}," in finding.message


def test_a_rule_is_reported_once(repository: Path) -> None:
    (repository / ".gitignore").write_text("lib/\n")
    paths = [f"lib/{name}.py" for name in "abc"]
    (found,) = ignored_findings(repository, paths)
    assert "lib/a.py and 2 more files" in found.message


def test_a_project_outside_of_a_repository_has_its_own_rules(tmp_path: Path) -> None:
    (found,) = ignored_findings(tmp_path / "new", ["build/a.py"], b"build/\n")
    assert (found.path, found.line) == (".gitignore", 1)


TEST = "import pytest\nfrom lists import walk\n\n\ndef test_it(client): walk(client)\n"
FIXTURE = "import pytest\n\n\n@pytest.fixture\ndef client(): ...\n"
BASE = {
    "tests/conftest.py": Entry(FIXTURE.encode(), "core"),
    "tests/lists.py": Entry(b"def walk(x): ...\n", "database"),
    "tests/test_old.py": Entry(b"\n", "core"),
    "src/shop/main.py": Entry(b"\n", "core"),
}
PLAN = Plan(
    tuple(
        Change(path, Action.CREATE, "database", None, File(text.encode()))
        for path, text in {"tests/test_new.py": TEST, "src/shop/new.py": ""}.items()
    )
)


def plan_without(*deleted: str, own: str = "") -> Plan:
    user = {path: File(e.content) for path, e in BASE.items() if path not in deleted}
    user = {**user, "tests/ours.py": File(own.encode())} if own else user
    return with_tests_as_deleted(PLAN, BASE, user)


def test_new_tests_are_not_written_where_the_user_deleted_all_tests() -> None:
    plan = plan_without(*(path for path in BASE if path.startswith("tests/")))
    assert [change.path for change in plan.changes] == ["src/shop/new.py"]
    (notice,) = plan.findings
    assert "tests/test_new.py" in notice.message


@pytest.mark.parametrize("path", ["tests/conftest.py", "tests/lists.py"])
def test_a_new_test_that_needs_a_deleted_file_is_reported(path: str) -> None:
    plan = plan_without(path)
    assert plan.changes == PLAN.changes
    (warning,) = plan.findings
    assert warning.path == "tests/test_new.py"
    assert warning.message == f"needs {path}, which you deleted"


def test_a_fixture_of_the_users_takes_the_place_of_a_deleted_one() -> None:
    assert not plan_without("tests/conftest.py", own=FIXTURE).findings
    assert not plan_without("tests/test_old.py").findings
    assert plan_without() == PLAN
