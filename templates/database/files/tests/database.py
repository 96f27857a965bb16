"""The suite runs on SQLite with nothing installed, or on `TEST_DATABASE_URL`.

Each test runs inside one outer transaction, which is rolled back; the commits of
the application only release savepoints.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from myapi.db import engine as database
from myapi.db.engine import create_engine
from myapi.db.models import Base
from myapi.db.session import AsyncSession, Sessions, create_sessions
from myapi.db.settings import DatabaseSettings

ROOT = Path(__file__).parents[1]

os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{mkdtemp()}/test.db"
)
SETTINGS = DatabaseSettings(url=os.environ["DATABASE_URL"])


def alembic_config(connection: Connection) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def rebuild(connection: Connection) -> None:
    leftovers = MetaData()
    leftovers.reflect(connection)
    leftovers.drop_all(connection)
    connection.commit()
    command.upgrade(alembic_config(connection), "head")


def empty(connection: Connection) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())
    connection.commit()


@pytest.fixture(scope="session", autouse=True)
def migrated() -> None:
    """The migrations build the schema, so that every run tests them too."""

    async def run() -> None:
        engine = create_engine(SETTINGS)
        async with engine.connect() as connection:
            await connection.run_sync(rebuild)
        await engine.dispose()

    asyncio.run(run())


@pytest.fixture(scope="module", autouse=True)
def emptied(migrated: None) -> Iterator[None]:
    """What a module's tests commit, such as those of the contract, is taken away."""

    async def run() -> None:
        engine = create_engine(SETTINGS)
        async with engine.connect() as connection:
            await connection.run_sync(empty)
        await engine.dispose()

    yield
    asyncio.run(run())


@pytest.fixture(scope="session")
async def engine(migrated: None) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(SETTINGS)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        await transaction.rollback()


@pytest.fixture
def sessions(connection: AsyncConnection) -> Sessions:
    sessions = create_sessions(connection)
    sessions.configure(join_transaction_mode="create_savepoint")
    return sessions


@pytest.fixture
async def session(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@pytest.fixture(autouse=True)
def application_in_transaction(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application of `client` works in the test's transaction."""
    if "client" not in request.fixturenames:
        return
    sessions: Sessions = request.getfixturevalue("sessions")

    @asynccontextmanager
    async def connect(_: DatabaseSettings) -> AsyncIterator[Sessions]:
        yield sessions

    monkeypatch.setattr(database, "connect", connect)
