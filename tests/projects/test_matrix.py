"""Every pair of modules, and of values of their options, is in a project that works.

`matrix.py` computes which projects those are. `make test` takes the two with most
modules, in which all the values that come first and all that come last are together;
`make matrix` takes all others.
"""

from itertools import combinations, permutations

import pytest
import yaml

from fastgen.catalog.module import CORE
from fastgen.catalog.sources import load_catalog
from fastgen.errors import WrongUsage

from .conftest import Make
from .contract import NO_LIMIT, check_contract
from .generated import Generated, ask, page
from .matrix import Row, choices, rows
from .written import functions_of, written_tests

OK = {"status": "ok"}

USUAL = 2

ROWS = [
    pytest.param(row, id=str(row), marks=() if n < USUAL else pytest.mark.matrix)
    for n, row in enumerate(rows())
]
WITH_DATABASE = [param for param in ROWS if "database" in param.values[0].modules]

each_row = pytest.mark.parametrize("row", ROWS)
each_row_with_a_database = pytest.mark.parametrize("row", WITH_DATABASE)


def test_every_pair_that_can_be_is_in_a_row() -> None:
    catalog = load_catalog()
    values = {
        (name, option, value)
        for name in catalog.names
        for option, of_option in choices(catalog[name]).items()
        for value in of_option
    }
    covered = [_values(row) for row in rows()]
    for first, second in combinations(sorted(values), 2):
        if first[:2] == second[:2]:
            continue  # two values of one option
        try:
            catalog.with_required([first[0], second[0]])
        except WrongUsage:
            continue  # the modules exclude each other
        assert any({first, second} <= row for row in covered), (first, second)
    names = [name for name in catalog.names if name != CORE]
    for there, absent in permutations(names, 2):
        if absent not in catalog.with_required([there]):
            without = [row.modules for row in rows() if absent not in row.modules]
            assert any(there in modules for modules in without), (there, absent)


def _values(row: Row) -> set[tuple[str, str, str]]:
    return {
        (name, option, value)
        for name, options in row.modules.items()
        for option, value in (options or {"": "present"}).items()
    }


@each_row
def test_it_is_formatted_linted_and_typed_and_its_hooks_agree(
    make: Make, row: Row
) -> None:
    project = make("my-api", *row.arguments)
    project.lint()
    project.check_types()
    if "precommit" in row.modules:
        check_hooks(project)
    assert project.git("status", "--porcelain") == ""


@each_row
def test_its_suite_passes_with_nothing_installed(make: Make, row: Row) -> None:
    project = make("my-api", *row.arguments)
    project.passed()
    assert project.git("status", "--porcelain") == ""


@each_row_with_a_database
def test_its_suite_passes_on_postgresql(make: Make, postgres: str, row: Row) -> None:
    project = make("my-api", *row.arguments)
    ran = project.with_variables(TEST_DATABASE_URL=postgres).passed()
    elsewhere = project.tool("pytest", "--collect-only", "-q").splitlines()
    assert functions_of([*ran, *elsewhere]) >= written_tests(
        project.root, conditional=True
    )


@each_row
def test_its_server_answers_every_route(make: Make, postgres: str, row: Row) -> None:
    project = make("my-api", *row.arguments)
    examples = 25 if row in rows()[:USUAL] else 10
    if row.modules.get("database", {}).get("engine") == "postgres":
        project = project.with_variables(DATABASE_URL=postgres)
    if "database" in row.modules:
        project.migrate()
    with project.with_variables(**NO_LIMIT).serving() as address:
        check_answers(address, row)
        for role in ("", "user", "admin") if "auth" in row.modules else ("",):
            check_contract(project, address, role, examples=examples)
    assert project.git("status", "--porcelain") == ""


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
