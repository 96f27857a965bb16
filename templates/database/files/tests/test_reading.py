import asyncio

import pytest
from sqlalchemy import String, bindparam, column, func, inspect, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from database import SETTINGS
from myapi.db import reading
from myapi.db.reading import Reader
from myapi.db.session import AsyncSession
from notes import Note

text = column("text", String)
NOTES = select(Note).where(text == bindparam("text"))
TEXTS = select(text).select_from(Note).where(text == bindparam("text"))


@pytest.fixture(autouse=True)
async def note(connection: AsyncConnection, session: AsyncSession) -> Note:
    await connection.run_sync(Note.metadata.create_all)
    session.add(note := Note(text="a"))
    await session.flush()
    return note


async def test_one_row_is_read_and_none_where_there_is_none(reader: Reader) -> None:
    row = await reader.row(TEXTS, {"text": "a"})
    assert row is not None
    assert row.text == "a"
    assert await reader.row(TEXTS, {"text": "b"}) is None


async def test_rows_are_read_of_the_columns_that_are_asked_for(reader: Reader) -> None:
    [row] = await reader.rows(TEXTS, {"text": "a"})
    assert tuple(row) == ("a",)
    assert await reader.rows(TEXTS, {"text": "b"}) == []


async def test_objects_are_of_no_session(reader: Reader, note: Note) -> None:
    [found] = await reader.scalars(NOTES, {"text": "a"})
    assert found is not note
    assert inspect(found).detached


async def test_who_waits_longest_is_next() -> None:
    settings = SETTINGS.model_copy(update={"read_pool_size": 1})
    turns: list[int] = []

    async def read_often(reader: Reader, number: int) -> None:
        for _ in range(20):
            await reader.row(select(literal(1)), {})
            turns.append(number)

    async with reading.connect(settings) as reader:
        await asyncio.gather(*(read_often(reader, number) for number in range(4)))
    assert turns == [0, 1, 2, 3] * 20


if SETTINGS.url.get_backend_name() == "postgresql":

    async def test_a_statement_is_a_transaction_of_its_own() -> None:
        """Within one, `now()` would stay what it was at its beginning."""
        now = select(func.now())
        async with reading.connect(SETTINGS) as reader:
            first, second = await reader.run(lambda s: (s.scalar(now), s.scalar(now)))
        assert first is not None
        assert second is not None
        assert first < second
