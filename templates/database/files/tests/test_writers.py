import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from clients import client_of
from myapi.db.deps import SessionDep
from myapi.db.engine import create_engine
from myapi.db.settings import DatabaseSettings
from myapi.errors import add_error_handlers
from myapi.lifespan import lifespan
from myapi.settings import Settings
from notes import Note


@pytest.fixture
async def own_client(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Each of its requests has a connection of its own, to a SQLite file."""
    database = DatabaseSettings(url=f"sqlite:///{tmp_path}/test.db")
    engine = create_engine(database)
    async with engine.begin() as connection:
        await connection.run_sync(Note.metadata.create_all)
    await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.state.settings = Settings(database=database, _env_file=None)
    add_error_handlers(app)

    @app.post("/notes/{text}")
    async def create_after_reading(session: SessionDep, text: str) -> None:
        await session.scalars(select(Note))
        await asyncio.sleep(0.01)
        session.add(Note(text=text))

    async with client_of(app) as client:
        yield client


async def test_requests_that_read_and_then_write_wait_for_one_another(
    own_client: httpx2.AsyncClient,
) -> None:
    requests = [own_client.post(f"/notes/{number}") for number in range(5)]
    answers = await asyncio.gather(*requests)
    assert [answer.status_code for answer in answers] == [200] * 5
