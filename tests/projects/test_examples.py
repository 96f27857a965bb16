"""The module of examples/, from a git repository: its own tests, and those of resources
with what it declares, pass with each ORM. `make lint` checks its templates, and
tests/cases has what it does to an edited project."""

import shutil
from pathlib import Path

import pytest

from tests.kit import EXAMPLES

from .commands import fastgen, run
from .conftest import Make
from .generated import Generated, suites_of
from .linted import OF_EXAMPLES


@pytest.fixture
def source(tmp_path: Path) -> str:
    """The source of the module teams, in a git repository of its own."""
    repository = tmp_path / "modules"
    shutil.copytree(EXAMPLES, repository)
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "Modules")):
        run(["git", *command], repository)
    return f"git+file://{repository}#teams"


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize("orm", ["sqlalchemy", "sqlmodel"])
def test_the_example_and_its_resources_pass_their_tests(
    make: Make, source: str, orm: str
) -> None:
    project = make("shop", "--with", source, "--set", f"database.orm={orm}")
    fastgen("generate", "--from", OF_EXAMPLES, folder=project.root)
    fastgen("generate", "report", "NewMembers", folder=project.root)
    project.lint()
    project.passed(files=files_of_teams(project))
    if orm == "sqlmodel":  # the endpoints are the same
        contract = "tests/test_contract_logged_in.py"
        project.passed("-k", "(labels and not memos) or teams", files=[contract])


def files_of_teams(project: Generated) -> list[str]:
    """The test files of the module, of what it makes and generates, of the resources
    with its scope, and of whether models and migrations agree."""
    of_module = (EXAMPLES / "teams").glob("*/tests/test_*.py")
    counted = project.root.glob("tests/test_*_count.py")
    own = sorted({file.name for file in (*of_module, *counted)})
    scoped = [*suites_of(project, "labels"), *suites_of(project, "memos")]
    others = ["tests/test_new_members_report.py", "tests/test_migrations.py"]
    return [*(f"tests/{name}" for name in own), *scoped, *others]
