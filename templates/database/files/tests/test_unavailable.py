"""A database that does not answer is a 503, within seconds, and never a 500."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import URL, literal, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from clients import client_of
from database import SETTINGS
from myapi import health
from myapi.db.deps import ReadSessionDep, SessionDep
from myapi.db.errors import add_database_errors
from myapi.db.settings import DatabaseSettings
from myapi.errors import add_error_handlers
from myapi.lifespan import lifespan
from myapi.settings import Settings

pytestmark = pytest.mark.slow


@asynccontextmanager
async def client_on(url: object) -> AsyncIterator[httpx2.AsyncClient]:
    """Of an application on the database at `url`, with little patience."""
    database = DatabaseSettings(
        url=url, timeout=0.3, pool_size=1, max_overflow=0, read_pool_size=1
    )
    app = FastAPI(lifespan=lifespan)
    app.state.settings = Settings(database=database, _env_file=None)
    app.include_router(health.router)
    add_error_handlers(app)
    add_database_errors(app)

    @app.get("/read")
    async def read(session: SessionDep) -> None:
        await session.execute(text("SELECT 1"))

    @app.get("/ask")
    async def ask(session: ReadSessionDep) -> None:
        await session.scalar(select(literal(1)))

    @app.get("/slow")
    async def slow(session: SessionDep) -> None:
        await session.execute(text("SELECT 1"))
        await asyncio.sleep(1)

    @app.get("/write")
    async def write(session: SessionDep) -> None:
        await session.execute(text("CREATE TABLE unavailable (id INTEGER)"))
        await session.execute(text("DROP TABLE unavailable"))

    async with client_of(app) as client:
        yield client


async def assert_unavailable(client: httpx2.AsyncClient, path: str) -> None:
    async with asyncio.timeout(2):
        answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["type"] == "urn:problem-type:database-unavailable"
    assert answer.json().get("detail") is None


async def assert_not_ready(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    # What orchestrators ask: an application without its database answers 503 by itself.
    assert (await client.get("/health/live")).status_code == 200
    assert answer.status_code == 503
    assert answer.json()["detail"] == "No answer from database."


async def test_a_server_that_is_not_there(free_tcp_port: int) -> None:
    url = f"postgresql://user:password@127.0.0.1:{free_tcp_port}/test"
    async with client_on(url) as client:
        await assert_unavailable(client, "/read")
        await assert_unavailable(client, "/ask")
        await assert_not_ready(client)


async def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        async with client_on(f"postgresql://user@127.0.0.1:{port}/test") as client:
            await assert_unavailable(client, "/read")
            await assert_unavailable(client, "/ask")
            await assert_not_ready(client)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    async with client_on(f"sqlite:///{tmp_path}/missing/test.db") as client:
        await assert_unavailable(client, "/read")
        await assert_unavailable(client, "/ask")
        await assert_not_ready(client)


async def test_a_file_that_stays_locked(tmp_path: Path) -> None:
    file = tmp_path / "test.db"
    async with client_on(f"sqlite:///{file}") as client:
        assert (await client.get("/write")).status_code == 200
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await assert_unavailable(client, "/write")
            assert (await client.get("/ask")).status_code == 200


async def test_no_connection_that_is_free() -> None:
    async with client_on(SETTINGS.url) as client:
        slow = asyncio.create_task(client.get("/slow"))
        await asyncio.sleep(0.1)
        await assert_unavailable(client, "/read")
        assert (await slow).status_code == 200
        assert (await client.get("/read")).status_code == 200


if SETTINGS.url.get_backend_name() == "postgresql":

    @pytest.mark.parametrize(
        "url",
        [
            SETTINGS.url.set(database="missing"),
            SETTINGS.url.set(username="missing", password="wrong"),
        ],
        ids=["database", "user"],
    )
    async def test_a_name_that_the_server_does_not_know(url: URL) -> None:
        async with client_on(url) as client:
            await assert_unavailable(client, "/read")
            await assert_unavailable(client, "/ask")
            await assert_not_ready(client)

    async def test_a_connection_that_is_lost_before_the_commit(
        engine: AsyncEngine,
    ) -> None:
        async with client_on(SETTINGS.url) as client:
            slow = asyncio.create_task(assert_unavailable(client, "/slow"))
            await asyncio.sleep(0.3)
            await end_other_connections(engine)
            await slow
            assert (await client.get("/read")).status_code == 200

    async def test_a_connection_that_is_lost_between_two_requests(
        engine: AsyncEngine,
    ) -> None:
        async with client_on(SETTINGS.url) as client:
            assert (await client.get("/read")).status_code == 200
            await end_other_connections(engine)
            assert (await client.get("/read")).status_code == 200

    async def test_a_read_whose_connection_was_lost_can_be_repeated(
        engine: AsyncEngine,
    ) -> None:
        async with client_on(SETTINGS.url) as client:
            assert (await client.get("/ask")).status_code == 200
            await end_other_connections(engine)
            await assert_unavailable(client, "/ask")
            assert (await client.get("/ask")).status_code == 200

    async def end_other_connections(engine: AsyncEngine) -> None:
        """As a server does that restarts."""
        ended = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        async with engine.connect() as connection:
            assert all(await connection.scalars(ended))
