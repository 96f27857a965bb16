"""Every pair of modules, and of values of their options, is in a project that works.

`matrix.toml` has these projects. Each of them is made, linted, typed, migrated and
started, and every route is asked once. Its whole suite and a contract are for the rows
that `full_rows.py` chooses: the two with everything, and a few others in each run. What
modules test themselves runs once for each, in test_own_tests.py.

`make test` makes and asks the two with everything; `make matrix` does the rest, and all
whole suites and contracts.
"""

from collections.abc import Sequence

import pytest
import yaml

from .conftest import Make
from .contract import NO_LIMIT, check_contract
from .full_rows import full_rows
from .generated import SLOW_FILES, Generated, ask, page
from .matrix import EVERYTHING, Row, rows
from .rotation import takes_all
from .routes import check_every_route
from .written import functions_of, written_tests

OK = {"status": "ok"}

USUAL = rows()[:EVERYTHING]
LAST = rows()[EVERYTHING - 1]
EVERY_ROW = takes_all()

# What costs most of a suite. They run in the rows with everything, and as tests of
# their modules.

EACH_ROW = [
    pytest.param(row, id=str(row), marks=() if row in USUAL else pytest.mark.matrix)
    for row in rows()
]
FULL = [
    pytest.param(row, id=str(row), marks=pytest.mark.long if row in USUAL else ())
    for row in full_rows()
]
ON_BOTH_ENGINES = [
    param
    for param in FULL
    if param.values[0] == LAST or (EVERY_ROW and "database" in param.values[0].modules)
]


@pytest.mark.parametrize("row", EACH_ROW)
def test_it_is_clean_and_answers_every_route(
    make: Make, postgres: str, row: Row
) -> None:
    project = make("my-api", *row.arguments)
    project.lint()
    project.check_types()
    if "precommit" in row.modules:
        check_hooks(project)
    project = served_on_its_engine(project, row, postgres)
    if "database" in row.modules:
        project.migrate()
        project.tool("alembic", "check")
    with project.with_variables(**NO_LIMIT).serving() as address:
        check_answers(address, row)
        check_every_route(project, address)
    assert project.git("status", "--porcelain") == ""


@pytest.mark.matrix
@pytest.mark.parametrize("row", FULL)
def test_its_suite_passes(make: Make, postgres: str, row: Row) -> None:
    project = make("my-api", *row.arguments)
    with_tests_on(project, postgres if row.is_on_postgres else "").passed(
        left_out=() if row in USUAL or EVERY_ROW else SLOW_FILES
    )
    assert project.git("status", "--porcelain") == ""


@pytest.mark.matrix
@pytest.mark.parametrize("row", ON_BOTH_ENGINES)
def test_its_suite_passes_on_the_other_engine(
    make: Make, postgres: str, row: Row
) -> None:
    project = make("my-api", *row.arguments)
    urls = (postgres, "") if row.is_on_postgres else ("", postgres)
    own, other = (with_tests_on(project, url) for url in urls)
    ran = other.passed()
    elsewhere = own.tool("pytest", "--collect-only", "-q").splitlines()
    assert functions_of([*ran, *elsewhere]) >= written_tests(
        project.root, conditional=True
    )


@pytest.mark.matrix
@pytest.mark.parametrize("row", FULL)
def test_its_server_keeps_to_its_contract(make: Make, postgres: str, row: Row) -> None:
    project = make("my-api", *row.arguments)
    project = served_on_its_engine(project, row, postgres)
    if "database" in row.modules:
        project.migrate()
    with project.with_variables(**NO_LIMIT).serving() as address:
        for role in roles(row):
            examples = 25 if row in USUAL else 10
            check_contract(project, address, role, examples=examples)
    assert project.git("status", "--porcelain") == ""


def roles(row: Row) -> Sequence[str]:
    """Who asks; of the rows that rotate, the one who may do most."""
    if "auth" not in row.modules:
        return ("",)
    return ("", "user", "admin") if row in USUAL or EVERY_ROW else ("admin",)


def served_on_its_engine(project: Generated, row: Row, postgres: str) -> Generated:
    """`project` with the database that its server uses."""
    return project.with_variables(
        **({"DATABASE_URL": postgres} if row.is_on_postgres else {})
    )


def with_tests_on(project: Generated, url: str) -> Generated:
    """`project` with the database that its suite uses; SQLite without a URL."""
    return project.with_variables(**({"TEST_DATABASE_URL": url} if url else {}))


def check_answers(address: str, row: Row) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = ask(address + path)
        assert (answer.status, answer.document) == (200, OK)

    document = ask(f"{address}/openapi.json").document
    assert document["info"]["title"] == "my-api"
    assert {"/health/live", "/health/ready"} <= document["paths"].keys()

    for path in ("/docs", *(["/admin"] if "admin" in row.modules else [])):
        assert page(address + path).startswith("<!doctype html>"), path

    unknown = ask(f"{address}/nowhere")
    assert (unknown.status, unknown.kind) == (404, "application/problem+json")
    assert unknown.document["title"] == "Not Found"


def check_hooks(project: Generated) -> None:
    """The project's own hooks pass over all of its files, and change none."""
    report = project.tool("prek", "run", "--all-files")
    configuration = (project.root / ".pre-commit-config.yaml").read_text()
    (repository,) = yaml.safe_load(configuration)["repos"]
    assert report.count("Passed") == len(repository["hooks"]), report
