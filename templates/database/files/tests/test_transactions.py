import asyncio
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from database import SETTINGS
from myapi.db.deps import ReadSessionDep, SessionDep
from myapi.db.engine import create_engine
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError, add_error_handlers
from myapi.lifespan import lifespan
from myapi.pagination import Page, PageDep, paginate
from myapi.settings import Settings
from notes import Note


class NoteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    text: str


@pytest.fixture
async def app(settings: Settings, connection: AsyncConnection) -> FastAPI:
    """An application with notes."""
    await connection.run_sync(Note.metadata.create_all)
    app = FastAPI(lifespan=lifespan)
    app.state.settings = settings
    add_error_handlers(app)

    @app.get("/notes")
    async def list_notes(session: ReadSessionDep, query: PageDep) -> Page[NoteRead]:
        return await paginate(session, select(Note), query, Page[NoteRead])

    @app.post("/notes/{text}", status_code=201, response_model=NoteRead)
    async def create_note(session: SessionDep, text: str) -> Note:
        session.add(note := Note(text=text))
        try:
            await session.flush()
        except IntegrityError:
            raise ConflictError(f"There is a note {text!r}.") from None
        return note

    @app.post("/refused")
    async def refuse_after_flush(session: SessionDep) -> None:
        session.add(Note(text="x"))
        await session.flush()
        raise ConflictError

    @app.post("/uncommitted", status_code=201)
    async def fail_to_commit(session: SessionDep) -> None:
        @event.listens_for(session.sync_session, "before_commit")
        def refuse(_: object) -> None:
            raise ConflictError

    return app


async def texts(session: AsyncSession) -> list[str]:
    return [note.text for note in await session.scalars(select(Note))]


async def test_a_request_is_committed(
    client: AsyncClient, session: AsyncSession
) -> None:
    answer = await client.post("/notes/a")
    assert answer.status_code == 201
    assert await texts(session) == ["a"]


async def test_a_refused_request_leaves_nothing(
    client: AsyncClient, session: AsyncSession
) -> None:
    assert (await client.post("/refused")).status_code == 409
    assert await texts(session) == []


async def test_no_success_is_answered_before_the_commit(client: AsyncClient) -> None:
    assert (await client.post("/uncommitted")).status_code == 409


async def test_a_violated_constraint_is_a_conflict(
    client: AsyncClient, session: AsyncSession
) -> None:
    await client.post("/notes/a")
    answer = await client.post("/notes/a")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "There is a note 'a'."
    assert await texts(session) == ["a"]


async def test_rows_are_answered_as_a_page(client: AsyncClient) -> None:
    for text in "abc":
        await client.post(f"/notes/{text}")
    page = (await client.get("/notes?limit=2")).json()
    assert [note["text"] for note in page["data"]] == ["c", "b"]
    page = (await client.get(f"/notes?after={page['next']}")).json()
    assert [note["text"] for note in page["data"]] == ["a"]
    assert page["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101"])
async def test_a_page_that_cannot_be_is_refused(
    client: AsyncClient, query: str
) -> None:
    assert (await client.get(f"/notes?{query}")).status_code == 422


if SETTINGS.url.get_backend_name() == "postgresql":

    async def test_the_server_ends_a_transaction_that_does_nothing() -> None:
        impatient = {"idle_in_transaction_timeout": 0.05}
        engine = create_engine(SETTINGS.model_copy(update=impatient))
        async with engine.connect() as connection:
            await connection.execute(select(1))
            await asyncio.sleep(0.5)
            with pytest.raises(DBAPIError):
                await connection.execute(select(1))
        await engine.dispose()
