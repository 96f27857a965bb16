"""The database that the tests empty and fill: which one it is, and how it is made."""

import asyncio
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from dotenv import dotenv_values
from sqlalchemy import URL, text

from myapi.db.engine import create_engine
from myapi.db.settings import DatabaseSettings
from myapi.db.url import database_url

ROOT = Path(__file__).parents[1]
HERE = ("", "127.0.0.1", "::1", "localhost")
WORKER = os.environ.get("PYTEST_XDIST_WORKER")

FOLDER = TemporaryDirectory(prefix="myapi-")


def given_url() -> URL:
    file = f"sqlite:///{FOLDER.name}/test.db"
    return database_url(os.environ.get("TEST_DATABASE_URL") or file)


def own_url() -> URL:
    """With pytest-xdist, each of its processes has a database of its own."""
    url = given_url()
    return url.set(database=f"{url.database}_{WORKER}") if WORKER else url


def development_urls() -> list[URL]:
    file = dotenv_values(ROOT / ".env").get("DATABASE_URL")
    given = [os.environ.get("DATABASE_URL"), file]
    return [DatabaseSettings().url, *(database_url(url) for url in given if url)]


def refuse_development(url: URL, development: Iterable[URL]) -> None:
    if place(url) in map(place, development):
        sys.exit(
            "TEST_DATABASE_URL is the database of development (DATABASE_URL): "
            "the tests would empty it"
        )


def place(url: URL) -> tuple[object, ...]:
    """What all ways to write the address of one database have in common."""
    if url.get_backend_name() == "sqlite":
        return (Path(url.database or "").resolve(),)
    host = str(url.host or url.query.get("host", "")).lower().rstrip(".")
    port = int(str(url.port or url.query.get("port", 5432)))
    return ("localhost" if host in HERE else host, port, url.database or url.username)


def create(url: URL) -> None:
    """Empty, whatever an earlier run left."""
    if url.get_backend_name() == "sqlite":
        for suffix in ("", "-shm", "-wal"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
    elif WORKER:
        drop(url)
        asyncio.run(execute(given_url(), f'CREATE DATABASE "{url.database}"'))
    else:
        asyncio.run(execute(url, "DROP SCHEMA public CASCADE"))
        asyncio.run(execute(url, "CREATE SCHEMA public"))


def drop(url: URL) -> None:
    if WORKER and url.get_backend_name() == "postgresql":
        statement = f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'
        asyncio.run(execute(given_url(), statement))


async def execute(url: URL, statement: str) -> None:
    engine = create_engine(DatabaseSettings(url=url), reading=True)  # autocommit
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


if not WORKER:  # which inherits the DATABASE_URL of the tests from its parent
    refuse_development(own_url(), development_urls())
