"""Resources with many of another: their suites pass, their tables of pairs come and go
with rows around them, and what many requests add at once is there once."""
# ruff: noqa: S608 (statements of our own)

import json
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from .commands import fastgen
from .conftest import Make
from .generated import Generated, ask

Query = Callable[[str], Sequence[tuple[Any, ...]]]

KEY = "01a1feac05dd740caafa92161e06145"
STAMPS = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"

AT_ONCE = 16

matrix = pytest.mark.matrix


@pytest.mark.slow
@matrix
@pytest.mark.parametrize("orm", ["sqlmodel", "sqlalchemy"])
def test_many_pass_their_suite(make: Make, orm: str, postgres: str) -> None:
    """Of itself, in a circle, two of one resource; with names of two meanings."""
    project = make("shop", "--with", "database", "--set", f"database.orm={orm}")
    for resource in (
        ("Tag", "name:str:unique"),
        ("Product", "title:str", "tags:many:Tag", "labels:many:Tag"),
        ("Table", "seats:int:index", "see_also:many:Table", "date:many:Tag"),
    ):
        generate(project, "resource", *resource)
    generate(project, "field", "Tag", "products:many:Product", "tables:many:Table")
    generate(
        project, "field", "Product", "main:ref:Tag:optional", "related:many:Product"
    )
    project.lint()
    project.check_types()
    project.passed()
    project.with_variables(TEST_DATABASE_URL=postgres).passed(report="postgres")


@pytest.mark.slow
@matrix
@pytest.mark.parametrize(
    ("orm", "engine"), [("sqlalchemy", "postgres"), ("sqlmodel", "sqlite")]
)
def test_many_of_every_access_pass_their_suite(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project = make("shop", "--with", "admin", "--set", f"database.orm={orm}")
    for resource in (
        ("Tag", "name:str:unique"),
        ("Label", "name:str", "--admin-only"),
        ("Place", "name:str", "--public-read"),
        ("Note", "text:str", "tags:many:Tag", "places:many:Place"),
        ("Product", "labels:many:Label", "places:many:Place", "--public-read"),
        ("Secret", "notes:many:Secret", "labels:many:Label", "--admin-only"),
    ):
        generate(project, "resource", *resource)
    generate(project, "field", "Note", "followed:many:Note", "about:ref:Tag:optional")
    project.lint()
    project.check_types()
    if engine == "postgres":
        project = project.with_variables(TEST_DATABASE_URL=postgres)
    project.passed()


def at(project: Generated, engine: str, postgres: str) -> tuple[Generated, Query]:
    """The project on a database of its own, and a way to ask that."""
    file = project.root / "shop.db"
    url = postgres if engine == "postgres" else f"sqlite:///{file}"

    def query(statement: str) -> Sequence[tuple[Any, ...]]:
        if engine == "postgres":
            with psycopg.connect(url) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else ()
        with closing(sqlite3.connect(file)) as database, database:
            return database.execute(statement).fetchall()

    return project.with_variables(DATABASE_URL=url), query


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["postgres", pytest.param("sqlite", marks=matrix)])
def test_tables_of_pairs_come_and_go_with_rows_around_them(
    make: Make, engine: str, postgres: str
) -> None:
    made = make("shop", "--with", "database", "--set", f"database.engine={engine}")
    project, query = at(made, engine, postgres)
    generate(project, "resource", "Tag", "name:str")
    generate(project, "resource", "Product", "title:str")
    project.migrate()
    for statement in (
        f"INSERT INTO tags VALUES ('{KEY}8', 'new', {STAMPS})",
        f"INSERT INTO products VALUES ('{KEY}9', 'Emma', {STAMPS})",
    ):
        query(statement)
    generate(project, "field", "Product", "tags:many:Tag", "related:many:Product")
    migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
    for statement in (
        f"INSERT INTO products_tags VALUES ('{KEY}9', '{KEY}8')",
        f"INSERT INTO products_related VALUES ('{KEY}9', '{KEY}9')",
    ):
        query(statement)
    pairs = query("SELECT * FROM products_tags")
    # On SQLite both tables are made anew.
    generate(project, "field", "Product", "title:text", "stock:int")
    generate(project, "field", "Tag", "name:str:unique")
    migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
    assert query("SELECT * FROM products_tags") == pairs
    assert len(query("SELECT * FROM products_related")) == 1
    fastgen("remove", "field", "Product", "related", folder=project.root)
    migrate(project, "upgrade head", "check", "downgrade -1")
    assert query("SELECT * FROM products_related") == []
    migrate(project, "upgrade head")
    fastgen("remove", "resource", "Product", folder=project.root)
    migrate(project, "upgrade head", "check")
    assert query("SELECT * FROM products_tags") == pairs
    command = ("remove", "resource", "Tag", "--drop-tables")
    refusal = fastgen(*command, folder=project.root, code=2)
    assert "The table tags cannot be dropped while products refers to it" in refusal
    generate(project, "resource", "Product", "title:text", "stock:int", "tags:many:Tag")
    migrate(project, "upgrade head", "check")
    assert query("SELECT * FROM products_tags") == pairs
    command = ("remove", "resource", "Product", "Tag", "--drop-tables")
    fastgen(*command, folder=project.root)
    migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
    project.lint()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["postgres", pytest.param("sqlite", marks=matrix)])
def test_what_many_requests_add_at_once_is_there_once(
    make: Make, engine: str, postgres: str
) -> None:
    made = make("shop", "--with", "database", "--set", f"database.engine={engine}")
    project, _ = at(made, engine, postgres)
    generate(project, "resource", "Product", "title:str", "related:many:Product")
    project.migrate()
    with project.serving() as address:
        products = f"{address}/api/v1/products"
        key = json.loads(send("POST", products, {"title": "Emma"})[1])["id"]
        url = f"{products}/{key}/related"
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for method, left in (("PUT", [key]), ("DELETE", [])):
                answers = pool.map(send, [method] * AT_ONCE, [f"{url}/{key}"] * AT_ONCE)
                assert [status for status, _ in answers] == [204] * AT_ONCE
                assert [row["id"] for row in ask(url).document["data"]] == left


def send(method: str, url: str, body: object = None) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    try:
        with urlopen(Request(url, data, headers, method=method)) as answer:  # noqa: S310
            return answer.status, answer.read()
    except HTTPError as error:
        with error as answer:
            return answer.status, answer.read()


STEPS = """
import sys
from alembic.config import main
for step in sys.argv[1:]:
    main(argv=step.split())
"""


def migrate(project: Generated, *steps: str) -> None:
    project.tool("python", "-c", STEPS, *steps)


def generate(project: Generated, *words: str) -> None:
    fastgen("generate", *words, folder=project.root)
