"""The trigram indexes of a search on a real PostgreSQL, while its field changes."""

from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from .commands import fastgen
from .conftest import Make
from .database import migrate

INDEXES = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'trgm%' ORDER BY 1"
PLAN = "EXPLAIN SELECT id FROM products WHERE name ILIKE '%presso mach%' ESCAPE '/'"


@pytest.mark.slow
def test_an_index_follows_its_field(make: Make, postgres: str) -> None:
    project = make("shop", "--with", "database", "--set", "database.engine=postgres")
    project = project.with_variables(DATABASE_URL=postgres)

    def change(*command: str) -> list[str]:
        """The indexes after a command and its migration."""
        fastgen(*command, "--no-install", "--quiet", folder=project.root)
        migrate(project, "upgrade head", "check")
        with psycopg.connect(postgres) as server:
            return [name for (name,) in server.execute(INDEXES)]

    fields = ("title:str:max=50:search", "note:text:optional:search")
    assert change("generate", "resource", "Product", *fields) == [
        "trgm_products__note",
        "trgm_products__title",
    ]
    assert change("generate", "field", "Product", "note:text:optional") == [
        "trgm_products__title"
    ]
    assert change("generate", "field", "Product", "note:text:optional:search") == [
        "trgm_products__note",
        "trgm_products__title",
    ]
    assert change("remove", "field", "Product", "note") == ["trgm_products__title"]
    assert change("rename", "field", "Product", "title", "name") == [
        "trgm_products__name"
    ]
    assert change("generate", "field", "Product", "name:text:search") == [
        "trgm_products__name"
    ]
    with psycopg.connect(postgres) as server:
        server.execute("SET enable_seqscan = off")
        plan = "\n".join(line for (line,) in server.execute(PLAN))
    assert "Bitmap Index Scan on trgm_products__name" in plan
    assert change("rename", "resource", "Product", "Article") == ["trgm_articles__name"]
    migrate(project, "downgrade base", "upgrade head", "check")


@pytest.mark.slow
def test_without_the_right_to_create_the_extension_there_is_no_index(
    make: Make, postgres: str
) -> None:
    role = f"guest_{uuid4().hex[:12]}"
    guest = Identifier(role)
    with psycopg.connect(postgres) as server:
        server.execute(SQL("CREATE ROLE {} LOGIN").format(guest))
        server.execute(SQL("GRANT ALL ON SCHEMA public TO {}").format(guest))
    try:
        project = make(
            "shop", "--with", "database", "--set", "database.engine=postgres"
        )
        url = urlsplit(postgres)
        url = url._replace(netloc=f"{role}@{url.hostname}:{url.port}")
        project = project.with_variables(DATABASE_URL=url.geturl())
        resource = ("generate", "resource", "Product", "title:str:search")
        fastgen(*resource, "--no-install", "--quiet", folder=project.root)
        migrate(project, "upgrade head", "check")
        with psycopg.connect(postgres) as server:
            assert server.execute(INDEXES).fetchall() == []
            assert server.execute("SELECT * FROM products").fetchall() == []
    finally:
        with psycopg.connect(postgres) as server:
            server.execute(SQL("DROP OWNED BY {}").format(guest))
            server.execute(SQL("DROP ROLE {}").format(guest))
