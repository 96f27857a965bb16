"""The suite runs on the database of `scratch_database.py`.

Each test runs in one outer transaction, which is rolled back: the commits of the
application release savepoints. What a test commits on connections of its own is
deleted after its module.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import scratch_database as scratch
from migrating import migrate
from myapi.db import engine as application
from myapi.db.engine import create_engine
from myapi.db.models import Base
from myapi.db.session import AsyncSession, Sessions, create_sessions
from myapi.db.settings import DatabaseSettings
from myapi.settings import get_settings

SETTINGS = DatabaseSettings(url=scratch.own_url())

# For every application that the tests make, and for the server that they start.
os.environ["DATABASE_URL"] = SETTINGS.url.render_as_string(hide_password=False)
get_settings.cache_clear()


def delete_rows(connection: Connection) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())
    connection.commit()


async def run(work: Callable[[Connection], None]) -> None:
    engine = create_engine(SETTINGS)
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def database() -> Iterator[None]:
    """The migrations build the schema, so that every run tests them too."""
    scratch.create(SETTINGS.url)
    asyncio.run(run(migrate))
    yield
    scratch.drop(SETTINGS.url)


@pytest.fixture(scope="module", autouse=True)
def emptied(database: None) -> Iterator[None]:
    yield
    asyncio.run(run(delete_rows))


@pytest.fixture(scope="session")
async def engine(database: None) -> AsyncIterator[AsyncEngine]:
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
def read_sessions(connection: AsyncConnection) -> Sessions:
    """They see what the test has flushed."""
    sessions = create_sessions(connection)
    sessions.configure(join_transaction_mode="rollback_only")
    return sessions


@pytest.fixture
async def session(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@pytest.fixture(autouse=True)
def one_transaction(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lifespan opens for `client` are the sessions of the test."""
    if "client" not in request.fixturenames:
        return
    sessions: Sessions = request.getfixturevalue("sessions")
    read_sessions: Sessions = request.getfixturevalue("read_sessions")

    @asynccontextmanager
    async def connect(
        _: DatabaseSettings, *, reading: bool = False, developing: bool = False
    ) -> AsyncIterator[Sessions]:
        yield read_sessions if reading else sessions

    monkeypatch.setattr(application, "connect", connect)
