import base64
import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import column, event, select
from sqlalchemy.ext.asyncio import AsyncConnection

from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import (
    After,
    AnyOf,
    AtLeast,
    AtMost,
    Before,
    Exactly,
    Page,
    PageQuery,
    SortedBy,
    paginate,
)
from notes import Note


class NoteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    text: str


NotePage = Page[NoteRead]


@pytest.fixture(autouse=True)
async def notes(connection: AsyncConnection, session: AsyncSession) -> list[Note]:
    await connection.run_sync(Note.metadata.create_all)
    notes = [Note(text=text) for text in "cabed"]
    for note in notes:
        session.add(note)
        await session.flush()
    return notes


async def walk(session: AsyncSession, limit: int, sort: str | None = None) -> list[str]:
    """The texts on each page, from the first page to the last."""
    texts, query = [], PageQuery(limit=limit)
    while True:
        page = await paginate(session, select(Note), query, NotePage, sort)
        texts.append("".join(note.text for note in page.data))
        if page.next is None:
            return texts
        query = PageQuery(limit=limit, after=page.next)


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, "debac"),
        ("text", "abcde"),
        ("-text", "edcba"),
        ("created_at", "cabed"),
        ("-created_at", "debac"),
    ],
)
async def test_pages_have_every_row_once_and_in_order(
    session: AsyncSession, limit: int, sort: str | None, order: str
) -> None:
    texts = await walk(session, limit, sort)
    assert "".join(texts) == order
    assert {len(page) for page in texts[:-1]} <= {limit}


@pytest.mark.parametrize(("sort", "rest"), [(None, "ac"), ("-text", "ba")])
async def test_pages_go_on_after_a_row_that_was_deleted(
    session: AsyncSession, notes: list[Note], sort: str | None, rest: str
) -> None:
    query = PageQuery(limit=3)
    first = await paginate(session, select(Note), query, NotePage, sort)
    last = next(note for note in notes if note.id == first.data[-1].id)
    await session.delete(last)
    await session.flush()
    query = PageQuery(after=first.next)
    second = await paginate(session, select(Note), query, NotePage, sort)
    assert "".join(note.text for note in second.data) == rest


async def test_a_row_added_meanwhile_moves_no_page(session: AsyncSession) -> None:
    first = await paginate(session, select(Note), PageQuery(limit=2), NotePage)
    session.add(Note(text="f"))
    await session.flush()
    query = PageQuery(after=first.next)
    second = await paginate(session, select(Note), query, NotePage)
    assert "".join(note.text for note in second.data) == "bac"


async def test_the_total_is_that_of_all_pages(session: AsyncSession) -> None:
    rows = select(Note).where(column("text") < "e")
    first = await paginate(session, rows, PageQuery(limit=2, total=True), NotePage)
    query = PageQuery(limit=2, after=first.next, total=True)
    second = await paginate(session, rows, query, NotePage)
    assert (first.total, second.total) == (4, 4)


async def test_nothing_is_counted_unless_the_request_asks(
    session: AsyncSession, connection: AsyncConnection
) -> None:
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    page = await paginate(session, select(Note), PageQuery(), NotePage)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    assert page.total is None
    assert len(sent) == 1


async def test_filters_are_optional_and_describe_themselves() -> None:
    class NoteQuery(PageQuery):
        text: AnyOf[str] = None
        pinned: Exactly[bool] = None
        stars_min: AtLeast[int] = None
        stars_max: AtMost[int] = None
        created_after: After[datetime] = None
        created_before: Before[datetime] = None
        sort: SortedBy[Literal["text", "-text"]] = None

    app = FastAPI()

    @app.get("/notes")
    async def list_notes(_: Annotated[NoteQuery, Query()]) -> None: ...

    operation = app.openapi()["paths"]["/notes"]["get"]
    described = {p["name"]: p["description"] for p in operation["parameters"]}
    assert described.keys() == NoteQuery.model_fields.keys()
    assert described["text"] == "Only rows with one of these values."
    assert described["stars_min"] == "Only rows with at least this value."
    assert described["created_before"] == "Only rows with an earlier value."
    assert not any(parameter["required"] for parameter in operation["parameters"])


async def test_a_filter_has_at_most_twenty_values() -> None:
    values = TypeAdapter[list[int] | None](AnyOf[int])
    assert values.validate_python([*range(20)]) == [*range(20)]
    with pytest.raises(ValidationError):
        values.validate_python([*range(21)])


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


ID = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "\N{SNOWMAN}",
        "[" * 1000,
        cursor(),
        cursor("text"),
        cursor(None, ID),
        cursor("-text", "a", ID),
        cursor("text", "a", "x"),
        cursor("text", 1, ID),
        cursor("text", "a", ID, ID),
        cursor("text", {"a": 1}, ID),
        cursor("text", "\ud800", ID),
    ],
)
async def test_a_cursor_of_no_page_of_the_list_is_refused(
    session: AsyncSession, after: str
) -> None:
    query = PageQuery(after=after)
    with pytest.raises(NotFoundError):
        await paginate(session, select(Note), query, NotePage, "text")


@pytest.mark.parametrize(
    "value", ["x", "2020-01-01T00:00:00", "0001-01-01T00:00:00+14:00", 1e300]
)
async def test_a_cursor_with_no_time_is_refused(
    session: AsyncSession, value: object
) -> None:
    query = PageQuery(after=cursor("created_at", value, ID))
    with pytest.raises(NotFoundError):
        await paginate(session, select(Note), query, NotePage, "created_at")
