"""Many visitors at once, on every route that a project's load test knows."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.projects.commands import UV, fastgen, run
from tests.projects.conftest import Make
from tests.projects.generated import Generated, ask, libraries_known_to_mypy

ACCOUNT = {
    "LOADTEST_EMAIL": "load@example.com",
    "LOADTEST_PASSWORD": "correct horse battery staple",
}
FIELDS = (
    "title:str:max=120:index",
    "code:str:pattern=[A-Z]{3}:unique",
    "number:int:unique:min=0:max=9999",
    "price:decimal:10:2",
    "at:datetime",
    "blob:bytes",
    "meta:json:optional",
    "category:ref:Category",
    "other:ref:Category:optional",
)


MANY = ("labels:many:Category", "more_labels:many:Category", "related:many:Product")


VISITED = re.compile(r"/(api/v1/(categories|products|notes|auth/me$)|health/)")


def generate(project: Generated, *arguments: str) -> None:
    fastgen("generate", *arguments, "--no-install", "--quiet", folder=project.root)


@pytest.mark.slow
def test_thirty_visitors_at_once_see_no_failure(make: Make) -> None:
    project = make("shop", "--with", "loadtest")
    generate(project, "resource", "Category", "name:str:unique")
    generate(project, "resource", "Product", *FIELDS, *MANY)
    generate(project, "field", "Category", "favourites:many:Product")
    # Writers of SQLite wait for one another, on a busy machine for longer than usual.
    check_load(project.with_variables(DATABASE_TIMEOUT="30"))


@pytest.mark.slow
@pytest.mark.matrix
def test_thirty_visitors_who_log_in_see_no_failure(make: Make, postgres: str) -> None:
    settings = ("--set", "database.engine=postgres", "--set", "database.orm=sqlmodel")
    project = make("shop", "--with", "loadtest,auth", *settings)
    generate(project, "resource", "Category", "name:str:unique", "--admin-only")
    generate(project, "resource", "Product", *FIELDS, "author:ref:User")
    own = ("related:many:Note", "--owned-by", "user")
    generate(project, "resource", "Note", "title:str", *own)
    refused = load(project, "http://127.0.0.1:9", code=2)
    assert "LOADTEST_EMAIL is not set" in refused
    project = project.with_variables(DATABASE_URL=postgres, **ACCOUNT)
    check_load(project)


def check_load(project: Generated) -> None:
    project.lint()
    check_types(project)
    project.migrate()
    if "LOADTEST_EMAIL" in project.variables:
        make_admin(project)
    # What it writes at the end; CSV files are from the last full second.
    (project.root / "locust.conf").write_text("json-file = .venv/load\n")
    with project.serving() as address:
        load(project, address)
        document = ask(f"{address}/openapi.json").document
    failures = failures_of(project.root / ".venv" / "load.json")
    assert failures.keys() == operations(document["paths"])
    assert not any(failures.values()), failures


def load(project: Generated, address: str, *, code: int = 0) -> str:
    words = ("users=30", "seconds=10", f"host={address}")
    environment = dict(project.environment)
    environment["PATH"] = f"{Path(UV).parent}{os.pathsep}{environment['PATH']}"
    return run(["make", "loadtest", *words], project.root, environment, code=code)


def check_types(project: Generated) -> None:
    with libraries_known_to_mypy() as environment:
        command = [f"{project.root}/.venv/bin/mypy", "locustfile.py", "loadtest"]
        run(command, project.root, {**environment, "MYPYPATH": "tests"})


def make_admin(project: Generated) -> None:
    python = f"{project.root}/.venv/bin/python"
    command = [python, "-m", "shop.auth.create_admin", ACCOUNT["LOADTEST_EMAIL"]]
    password = ACCOUNT["LOADTEST_PASSWORD"]
    run(command, project.root, project.environment, text=password)


def operations(paths: Mapping[str, Mapping[str, object]]) -> set[tuple[str, str]]:
    """The operations of resources, of the account, and of health."""
    return {
        (method.upper(), path)
        for path, operations in paths.items()
        if VISITED.match(path)
        for method in operations
    }


def failures_of(report: Path) -> Mapping[tuple[str, str], int]:
    rows = json.loads(report.read_text())
    return {(row["method"], row["name"]): row["num_failures"] for row in rows}
