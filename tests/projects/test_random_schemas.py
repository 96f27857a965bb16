"""Projects with resources drawn at random are linted, typed, migrated, and pass the
suites of these resources on both databases.

Each day of a commit draws others, for another ORM or engine.
`FASTGEN_SCHEMAS=50 pytest tests/projects/test_random_schemas.py` draws that many each
time anew, and looks for the smallest one that fails.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from fastgen.resources.in_spec import resource_lines
from fastgen.resources.resource import ResourceSpec
from tests.schemas import schemas

from .commands import fastgen
from .database import OTHER_WAYS, WAYS
from .environment import Environment
from .generated import Generated, suites_of
from .postgres import new_database
from .rotation import commit_day, rotated

GIVEN = int(os.environ.get("FASTGEN_SCHEMAS", "0"))
FEW = settings(max_examples=2, derandomize=True, phases=[Phase.generate])
MANY = settings(max_examples=GIVEN or 1)


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize("day", [commit_day()])
@pytest.mark.parametrize(("orm", "engine"), rotated([*WAYS, *OTHER_WAYS]))
@settings(
    MANY if GIVEN else FEW,
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)
@given(data=st.data())
def test_any_schema_makes_a_project_that_works(
    environment: Environment,
    tmp_path_factory: pytest.TempPathFactory,
    orm: str,
    engine: str,
    day: int,
    data: st.DataObject,
) -> None:
    """hypothesis draws by the name of a test, of which the day is a part."""
    auth = data.draw(st.booleans(), "auth")
    resources = data.draw(schemas(auth=auth).filter(is_worth_a_project))
    folder = tmp_path_factory.mktemp("schema")
    schema = folder / "schema.toml"
    module = "auth" if auth else "database"
    head = f"[modules.{module}]\n[resources]\n"
    schema.write_text("".join([head, *resource_lines(resources)]))
    note(schema.read_text())

    options = [f"database.orm={orm}", f"database.engine={engine}"]
    chosen = [word for option in options for word in ("--set", option)]
    new = ("new", "shop", "--no-install", "--no-git", "--from", schema, *chosen)
    fastgen(*new, folder=folder)
    environment.lend_to(folder / "shop")
    project = Generated(folder / "shop")
    check(project, resources)


def is_worth_a_project(resources: dict[str, ResourceSpec]) -> bool:
    return sum(len(resource.fields) for resource in resources.values()) > 3


def check(project: Generated, resources: dict[str, ResourceSpec]) -> None:
    project.lint()
    project.check_types()
    plurals = [resource.plural for resource in resources.values()]
    suites = [suite for plural in plurals for suite in suites_of(project, plural)]
    # Whose tests say that there is one head, and that models agree with migrations.
    suites.append("tests/test_migrations.py")
    project.passed(files=[*suites])
    with new_database() as url:
        project.with_variables(TEST_DATABASE_URL=url).passed(files=[*suites])
