"""The tables of resources change with rows in them, and back again, and forth; no row
loses what it had, and the models agree with the tables after each step. The project is
linted and typed in the end, and passes the tests of its resources, without logins."""
# ruff: noqa: S608 (statements of our own)

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from .commands import fastgen
from .conftest import Make
from .database import OTHER_WAYS, WAYS, alembic, at, migrate, shop_with
from .postgres import new_database
from .rotation import rotated

SCHEMA = (
    ("resource", "Category", "name:str"),
    (
        *("resource", "Product", "title:str:max=80", "stock:int", "size:int"),
        *("weight:int", "price:decimal:6:2", "note:str:optional"),
        "status:enum:draft:live",
        *("category:ref:Category", "code:str:unique", "rank:int:index"),
    ),
    ("resource", "Review", "text:str", "product:ref:Product:cascade"),
)

OTHERS = (
    # Names of two meanings, a circle, no field at all, and what SCHEMA lacks.
    (
        *("resource", "News", "title:str:index", "type:str:optional", "at:datetime"),
        *("mail:email:unique", "site:url:optional", "secret:str:writeonly"),
        *("views:int:default=0:readonly", "code:str:pattern=^[A-Z]{3}-[0-9]+$"),
    ),
    ("resource", "Class", "room:str:index"),
    ("resource", "Teacher", "name:str", "main_class:ref:Class:optional:cascade"),
    ("field", "Class", "teacher:ref:Teacher:optional"),
    ("resource", "Metadata", "key:str"),
    ("resource", "Empty"),
    # A table that is called like what Alembic's migrations import.
    ("resource", "Operation", "size:int:optional", "--plural", "op"),
)

SUITES = (
    *("tests/test_categories.py", "tests/test_products.py", "tests/test_reviews.py"),
    *("tests/test_news.py", "tests/test_classes.py", "tests/test_teachers.py"),
    *("tests/test_metadata.py", "tests/test_empties.py", "tests/test_op.py"),
    *("tests/test_migrations.py", "tests/test_contract.py"),
)

KEY = "01a1feac05dd740caafa92161e06145"
STAMPS = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"
ROWS = (
    "INSERT INTO categories (id, name, created_at, updated_at) VALUES"
    f" ('{KEY}8', 'Books', {STAMPS})",
    "INSERT INTO products (id, title, stock, size, weight, price, note, status,"
    " category_id, code, rank, created_at, updated_at) VALUES"
    f" ('{KEY}9', 'Emma', 7, -2, 0, 9.95, NULL, 'live', '{KEY}8', 'A', 1, {STAMPS}),"
    f" ('{KEY}a', 'Erewhon', 2147483647, 1, 3, 1234.5, 'good', 'draft', '{KEY}8', 'B',"
    f" 2, {STAMPS})",
    "INSERT INTO reviews (id, text, product_id, created_at, updated_at) VALUES"
    f" ('{KEY}0', 'Good', '{KEY}9', {STAMPS})",
)

KEPT = (
    "SELECT id, name FROM categories",
    "SELECT id, title, stock, size, weight, price, status, category_id, code, rank"
    " FROM products ORDER BY title",
    "SELECT id, text, product_id FROM reviews",
)
"""What the rows have from the beginning to the end."""


def add(*fields: str, to: str = "Product") -> tuple[str, ...]:
    return ("generate", "field", to, *fields)


CHANGES = (
    # Required, where rows are.
    add("a1:str:min=1", "--fill", "it's 50%"),
    add("b2:date", "--fill", "2026-12-31"),
    add("b3:datetime:index", "--fill", "2026-01-01T09:30:00+02:00"),
    add("a2:text:default=", "a3:int:min=5:default=5", "a4:bigint:default=0"),
    add("a5:float:default=0", "a6:decimal:4:1:default=0", "b1:bool:default=false"),
    add(r"b4:time:default=00\:00", "b5:json", "b6:list:int"),
    add("c1:enum:new:old:default=new", "c2:str:default=it's", "c3:bool:default=true"),
    add(
        r"d1:datetime:default=2026-01-01T09\:30\:00+02\:00",
        "d2:date:default=2026-01-01",
    ),
    # Values that are typed in other forms than they are written.
    add("g1:time:default=0930:index", "g2:date:default=20240229", "g3:int:default=007"),
    add(
        "g4:uuid:default={019AA3F0-6C00-7000-8000-00000000000F}", "g5:float:default=1e3"
    ),
    add("g6:text:default=C\\:\\new\\\\:readonly", "g7:str:default=myapi"),
    add("size:int:default=007", to="Operation"),
    # Optional, unique, with an index, and references.
    add("e1:email:optional:unique", "e2:uuid:optional", "e3:bytes:optional"),
    add("f1:ref:Category:optional", "f2:ref:Product:optional:cascade:unique"),
    add("featured:ref:Product:optional", to="Category"),
    # Types.
    add("stock:bigint", "size:float", "weight:decimal:12:2", "price:decimal:9:3"),
    add("title:str:max=200", "code:str:max=240:unique", "a1:text"),
    # Null, unique and indexes, on and off.
    add("note:str:default=none", "a3:int:min=5:optional", "e2:uuid:optional:unique"),
    add("title:str:max=210:unique", "code:str:max=240", "rank:int", "b2:date:index"),
    add("title:str:max=210", "code:str:max=240:index", "rank:int:unique", "b2:date"),
    # Rules, which the table has too.
    add("rank:int:unique:min=1:max=900", "code:str:max=240:index:min=1"),
    add("rank:int:min=0", "size:float:max=9.5", "h1:int:optional:min=3"),
    add("h2:bool", "--fill", "true"),
    # Other values; other actions of references.
    add("status:enum:draft:live:gone", "category:ref:Category:cascade"),
    add("status:enum:live:draft", "c1:enum:old:new:lost"),
    add("category:ref:Category:optional", "f1:ref:Category:optional:cascade"),
    add("product:ref:Product:optional:setnull", to="Review"),
    # And away with them.
    ("remove", "field", "Category", "featured"),
    ("remove", "field", "Product", "a2", "b3", "c1", "d1", "e1", "f1", "f2", "note"),
)

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.UniqueViolation)


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize(("orm", "engine"), [*WAYS, *rotated(OTHER_WAYS)])
def test_tables_change_with_rows_in_them_and_back_again(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project, query = at(shop_with("database", make, orm, engine), engine, postgres)

    def kept() -> list[Sequence[tuple[Any, ...]]]:
        return [query(text) for text in KEPT]

    for words in (*SCHEMA, *OTHERS):
        fastgen("generate", *words, folder=project.root)
    project.migrate()
    for row in ROWS:
        query(row)
    before = kept()
    for change in CHANGES:
        fastgen(*change, folder=project.root)
        with alembic(project) as command:
            command("upgrade head")
            command("check")
            assert kept() == before, change
            command("downgrade -1")
            assert kept() == before, change
    migrate(project, "upgrade head", "check")
    assert kept() == before
    assert query("SELECT c2, d2 FROM products") == query(
        "SELECT c2, d2 FROM products WHERE c2 = 'it''s' AND d2 = '2026-01-01'"
    )
    count = "SELECT count(*) FROM products"
    filled = f"{count} WHERE a1 = 'it''s 50%' AND b2 = '2026-12-31'"
    assert query(filled) == query(count)
    project.lint()
    project.check_types()
    with new_database() as other:
        url = {"TEST_DATABASE_URL": other} if engine == "postgres" else {}
        project.with_variables(**url).passed(files=[*SUITES])
    fastgen("remove", "resource", "Review", folder=project.root)
    assert query("SELECT text FROM reviews") == [("Good",)]
    fastgen("remove", "resource", "Review", "--drop-tables", folder=project.root)
    migrate(project, "upgrade head", "downgrade -1")
    assert query("SELECT id, text, product_id FROM reviews") == []
    migrate(project, "upgrade head", "check")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_only_existing_rows_get_the_value_of_fill(
    make: Make, engine: str, postgres: str
) -> None:
    project, query = at(
        shop_with("database", make, "sqlalchemy", engine), engine, postgres
    )
    fastgen("generate", "resource", "Tag", "note:str:optional", folder=project.root)
    project.migrate()
    insert = (
        f"INSERT INTO tags (id, created_at, updated_at) VALUES ('{KEY}{{}}', {STAMPS})"
    )
    query(insert.format(1))
    for field, value in (("due:date", "2026-12-31"), ("note:str", "it's 50%")):
        words = ("generate", "field", "Tag", field, "--fill", value)
        fastgen(*words, folder=project.root)
        migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
    found = query("SELECT due, note FROM tags")
    assert [(str(due), note) for due, note in found] == [("2026-12-31", "it's 50%")]
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.NotNullViolation)):
        query(insert.format(2))


OWNED = """
[resources.Note]
access = "{access}"
fields.title = "str:unique"
fields.place = "int:optional:unique"
fields.code = "str:optional"
"""
OWNED_SUITES = ("tests/test_notes.py", "tests/test_migrations.py")


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize(("orm", "engine"), WAYS)
def test_what_is_unique_is_so_among_the_rows_of_each_user(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    """Once the rows are nobody's own any more, it is so among all; and back again."""
    project, query = at(shop_with("auth", make, orm, engine), engine, postgres)
    file = project.root / "owned.toml"

    def generate(access: str) -> None:
        file.write_text(OWNED.format(access=access))
        fastgen("generate", "--from", str(file), "--yes", folder=project.root)

    def insert(key: str, owner: str, title: str, code: str) -> None:
        query(
            "INSERT INTO notes (id, owner_id, title, place, code, created_at,"
            f" updated_at) VALUES ('{KEY}{key}', '{KEY}{owner}', '{title}', 1,"
            f" '{code}', {STAMPS})"
        )

    def rows() -> Sequence[tuple[Any, ...]]:
        return query("SELECT id, title, place, code FROM notes ORDER BY id")

    generate("owner")
    project.migrate()
    for key in "12":
        query(
            "INSERT INTO users (id, email, role, is_active, created_at, updated_at)"
            f" VALUES ('{KEY}{key}', '{key}@example.com', 'user', true, {STAMPS})"
        )
    insert("8", "1", "Emma", "A")
    insert("9", "2", "Emma", "A")
    for fields in (
        ("title:str", "code:str:optional:unique"),
        ("title:str:unique", "code:str:optional"),
        ("author:ref:User:optional:unique", "mail:email:optional:unique"),
    ):
        before = rows()
        fastgen("generate", "field", "Note", *fields, folder=project.root)
        migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
        assert rows() == before, fields
    with pytest.raises(REFUSALS):
        insert("a", "1", "Emma", "B")
    project.lint()
    project.passed(files=[*OWNED_SUITES])

    generate("public-read")
    query(f"UPDATE notes SET title = 'Erewhon', place = 2 WHERE id = '{KEY}9'")
    before = rows()
    migrate(project, "upgrade head", "check")
    assert rows() == before
    with pytest.raises(REFUSALS):
        query(f"UPDATE notes SET title = 'Emma' WHERE id = '{KEY}9'")
    migrate(project, "downgrade -1", "upgrade head", "check")
    assert rows() == before
    project.lint()
    project.passed(files=[*OWNED_SUITES])
