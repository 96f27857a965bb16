from datetime import datetime

import pytest
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import bindparam, column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lists import statements
from myapi.db.reading import Reader
from myapi.db.session import AsyncSession
from myapi.shown import show
from notes import Note

NOTES = select(Note).where(column("text") == bindparam("text"))


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Columns(Shown):
    text: str
    created_at: datetime


class Property(Shown):
    text: str
    length: int


class OtherName(Shown):
    words: str = Field(validation_alias="text")


@pytest.fixture(autouse=True)
async def note(connection: AsyncConnection, session: AsyncSession) -> Note:
    await connection.run_sync(Note.metadata.create_all)
    session.add(note := Note(text="four"))
    await session.flush()
    return note


async def test_no_more_is_read_than_is_shown(
    connection: AsyncConnection, reader: Reader, note: Note
) -> None:
    with statements(connection) as sent:
        shown = await show(reader, NOTES, Columns, {"text": "four"})
    assert shown == Columns(text="four", created_at=note.created_at)
    assert "created_at" in sent[0]
    assert "updated_at" not in sent[0]


async def test_what_is_no_column_is_shown_of_the_object(reader: Reader) -> None:
    shown = await show(reader, NOTES, Property, {"text": "four"})
    assert shown == Property(text="four", length=4)
    named = await show(reader, NOTES, OtherName, {"text": "four"})
    assert named == OtherName(text="four")


async def test_nothing_is_shown_where_there_is_no_row(reader: Reader) -> None:
    assert await show(reader, NOTES, Columns, {"text": "five"}) is None
