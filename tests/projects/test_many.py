"""Resources with many of another, in a project without logins: their tables of pairs
come and go with rows around them, their tests pass, and what many requests add at once
is there once. With logins, shop.toml has many of every access."""
# ruff: noqa: S608 (statements of our own)

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from .commands import fastgen
from .conftest import Make
from .database import WAYS, at, migrate, shop_with
from .generated import Generated, ask

KEY = "01a1feac05dd740caafa92161e06145"
STAMPS = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"

AT_ONCE = 16

each_way = pytest.mark.parametrize(
    ("orm", "engine"),
    [WAYS[0], pytest.param(*WAYS[1], marks=pytest.mark.matrix)],
)


SUITES = (
    *("tests/test_products.py", "tests/test_products_pairs.py", "tests/test_tags.py"),
    "tests/test_migrations.py",
)


@pytest.mark.slow
@each_way
def test_tables_of_pairs_come_and_go_with_rows_around_them(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project, query = at(shop_with("database", make, orm, engine), engine, postgres)
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
    project.check_types()
    project.passed(files=[*SUITES])
    # On SQLite both tables are made anew.
    generate(project, "field", "Product", "title:text", "stock:int:default=0")
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
    assert "The table tags is still referenced by products" in refusal
    generate(project, "resource", "Product", "title:text", "stock:int", "tags:many:Tag")
    migrate(project, "upgrade head", "check")
    assert query("SELECT * FROM products_tags") == pairs
    command = ("remove", "resource", "Product", "Tag", "--drop-tables")
    fastgen(*command, folder=project.root)
    migrate(project, "upgrade head", "check", "downgrade -1", "upgrade head")
    project.lint()


@pytest.mark.slow
@each_way
def test_what_many_requests_add_at_once_is_there_once(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project, _ = at(shop_with("database", make, orm, engine), engine, postgres)
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


def generate(project: Generated, *words: str) -> None:
    fastgen("generate", *words, folder=project.root)
