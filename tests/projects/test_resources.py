"""Resources of generated projects: their suites pass, and their tables change with rows
in them."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import psycopg
import pytest

from .commands import fastgen
from .conftest import Make
from .generated import Generated

Query = Callable[[str], Sequence[tuple[Any, ...]]]

EVERYTHING = (
    "title:str:max=120:unique",
    "price:decimal:10:2:min=0.01:index",
    "tags:list:str",
    "status:enum:draft:live:index:default=draft",
    "body:text:optional",
    "rating:float:optional",
    "category:ref:Category",
    "other:ref:Category:optional:cascade",
    "stock:int:min=0:default=0",
    "made:date",
    "date:date:optional",
    "at:datetime:index",
    "clock:time:optional",
    "key:uuid:optional",
    "meta:json:optional",
    "mail:email:unique",
    "site:url:optional",
    "blob:bytes:max=100:optional",
    "big:bigint:optional",
    "on:bool:default=true",
    "code:str:pattern=^[A-Z]{3}-[0-9]+$",
    "secret:str:writeonly",
    "views:int:default=0:readonly",
)

ROWS = (
    "INSERT INTO categories (id, name, created_at, updated_at) VALUES"
    " ('01a1feac05dd740caafa92161e061458', 'Books', '2026-01-01', '2026-01-01')",
    "INSERT INTO products (id, title, stock, note, category_id, created_at, updated_at)"
    " VALUES ('01a1feac05dd740caafa92161e061459', 'Emma', 7, NULL,"
    " '01a1feac05dd740caafa92161e061458', '2026-01-01', '2026-01-01')",
    "INSERT INTO reviews (id, text, product_id, created_at, updated_at) VALUES"
    " ('01a1feac05dd740caafa92161e061460', 'Good',"
    " '01a1feac05dd740caafa92161e061459', '2026-01-01', '2026-01-01')",
)

CHANGES = (
    ("generate", "field", "Product", "rating:float:optional"),
    ("generate", "field", "Product", "price:decimal:10:2", "on:bool:default=true"),
    ("generate", "field", "Product", "made:date", "at:datetime", "clock:time"),
    ("generate", "field", "Product", "tags:list:str", "status:enum:new:old:index"),
    ("generate", "field", "Product", "other:ref:Category:optional"),
    ("generate", "field", "Product", "stock:bigint:index", "title:str:max=90:unique"),
    ("generate", "field", "Product", "note:text:default=none", "title:text"),
    ("generate", "field", "Product", "category:ref:Category:cascade:optional"),
    ("generate", "field", "Category", "featured:ref:Product:optional"),
    ("remove", "field", "Product", "other", "status", "rating"),
)


@pytest.mark.slow
@pytest.mark.parametrize("orm", ["sqlalchemy", "sqlmodel"])
def test_a_resource_of_all_types_passes_its_suite(
    make: Make, orm: str, postgres: str
) -> None:
    project = make("shop", "--with", "database", "--set", f"database.orm={orm}")
    generate(project, "Category", "name:str:unique", "parent:ref:Category:optional")
    generate(project, "Product", *EVERYTHING)
    generate(project, "News", "title:str:index", "type:str:optional")
    generate(project, "Class", "room:str:index")
    generate(project, "Teacher", "name:str", "main_class:ref:Class:optional:cascade")
    fastgen(
        "generate",
        "field",
        "Class",
        "teacher:ref:Teacher:optional",
        folder=project.root,
    )
    generate(project, "Metadata", "key:str")
    generate(project, "Empty")
    project.lint()
    project.check_types()
    project.passed()
    project.with_variables(TEST_DATABASE_URL=postgres).passed(report="postgres")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_tables_change_with_rows_in_them_and_back_again(
    make: Make, engine: str, postgres: str
) -> None:
    project = make("shop", "--with", "database", "--set", f"database.engine={engine}")
    file = project.root / "shop.db"
    url = postgres if engine == "postgres" else f"sqlite:///{file}"
    project = project.with_variables(DATABASE_URL=url)

    def query(statement: str) -> Sequence[tuple[Any, ...]]:
        if engine == "postgres":
            with psycopg.connect(url) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else ()
        with closing(sqlite3.connect(file)) as database, database:
            return database.execute(statement).fetchall()

    generate(project, "Category", "name:str")
    generate(
        project,
        "Product",
        *(
            "title:str:max=80",
            "stock:int",
            "note:str:optional",
            "category:ref:Category",
        ),
    )
    generate(project, "Review", "text:str", "product:ref:Product:cascade")
    project.migrate()
    for row in ROWS:
        query(row)
    for change in CHANGES:
        before = state(query)
        fastgen(*change, folder=project.root)
        project.migrate()
        assert state(query) == before, change
        project.tool("alembic", "downgrade", "-1")
        assert state(query) == before, change
        project.migrate()
        assert state(query) == before, change
    fastgen("remove", "resource", "Review", folder=project.root)
    assert query("SELECT text FROM reviews") == [("Good",)]
    fastgen("remove", "resource", "Review", "--drop-tables", folder=project.root)
    project.migrate()
    project.tool("alembic", "downgrade", "-1")
    assert query("SELECT id, text, product_id FROM reviews") == []
    project.migrate()
    project.tool("alembic", "check")
    project.lint()


def state(query: Query) -> list[Sequence[tuple[Any, ...]]]:
    """What the rows had from the beginning."""
    return [
        query("SELECT id, name FROM categories"),
        query("SELECT id, title, stock, category_id FROM products"),
        query("SELECT id, text, product_id FROM reviews"),
    ]


def generate(project: Generated, name: str, *fields: str) -> None:
    fastgen("generate", "resource", name, *fields, folder=project.root)
