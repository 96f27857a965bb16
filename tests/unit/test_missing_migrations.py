"""What doctor reports of migrations that the project no longer has."""

import shutil
import subprocess
from pathlib import Path

import pytest

from fastgen.change.doctor import project_findings
from fastgen.cli.main import run
from fastgen.plan import Severity
from fastgen.project.reading import load_project

VERSIONS = "src/shop/db/migrations/versions"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed project with two resources."""
    home = tmp_path_factory.mktemp("original")
    quiet = ("--no-install", "--no-git", "--quiet")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        assert run(["new", "shop", "--with", "database", *quiet]) == 0
        patch.chdir(home / "shop")
        for name in ("Product", "Tag"):
            assert run(["generate", "resource", name, "title:str", "--quiet"]) == 0
        git("init")
        git("add", "--all")
        git("commit", "-m", "First")
    return home / "shop"


@pytest.fixture
def project(original: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = original.with_name("edited")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(original, folder)
    monkeypatch.chdir(folder)
    return folder


def git(*arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    command = ["git", *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def issues(root: Path) -> list[str]:
    """The issues of doctor, each of which ends with a command that is run next."""
    found = project_findings(load_project(root))
    return [f"{f.path}: {f.message}" for f in found if f.severity is Severity.ISSUE]


@pytest.mark.parametrize("commands", [[], [("add", "--all")]])
@pytest.mark.parametrize("name", ["products.py", "tags.py"])
def test_doctor_names_the_command_that_restores_a_deleted_migration(
    project: Path, name: str, commands: list[tuple[str, ...]]
) -> None:
    assert issues(project) == []
    (project / VERSIONS / name).unlink()
    for command in commands:
        git(*command)
    (issue,) = issues(project)
    assert issue.endswith(f": run `git checkout HEAD -- {VERSIONS}/{name}`")
    git("checkout", "HEAD", "--", f"{VERSIONS}/{name}")
    assert issues(project) == []


def test_doctor_finds_a_migration_that_an_earlier_commit_deleted(project: Path) -> None:
    (project / VERSIONS / "tags.py").unlink()
    git("add", "--all")
    git("commit", "-m", "Second")
    (issue,) = issues(project)
    prefix = "fastgen.toml: no migration makes the table tags: run `git "
    assert issue.startswith(prefix)
    git(*issue.removeprefix(prefix).removesuffix("`").split())
    assert issues(project) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('op.execute("CREATE TABLE tags (id UUID)")', False),
        ("Base.metadata.create_all(op.get_bind())", False),
        ('op.execute("CREATE TABLE labels (id UUID)")', True),
    ],
)
def test_a_table_that_another_migration_may_make_is_not_missing(
    project: Path, text: str, missing: bool
) -> None:
    path = project / VERSIONS / "tags.py"
    head, _, _ = path.read_text().partition("def upgrade")
    path.write_text(f"{head}def upgrade() -> None:\n    {text}\n")
    assert bool(issues(project)) is missing
