import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from myapi.db.session import AsyncSession
from notes import Note


@pytest.fixture(autouse=True)
async def notes(connection: AsyncConnection) -> None:
    await connection.run_sync(Note.metadata.create_all)


@pytest.mark.parametrize("turn", [1, 2])
async def test_each_test_begins_without_rows(session: AsyncSession, turn: int) -> None:
    rows = select(func.count()).select_from(Note)
    assert await session.scalar(rows) == 0
    session.add(Note(text="x"))
    await session.commit()
    assert await session.scalar(rows) == 1


async def test_times_come_back_in_utc(session: AsyncSession) -> None:
    east = timezone(timedelta(hours=5))
    session.add(note := Note(text="x", created_at=datetime(2030, 1, 1, 3, tzinfo=east)))
    await session.commit()
    await session.refresh(note)
    assert note.created_at == datetime(2029, 12, 31, 22, tzinfo=UTC)
    assert note.created_at.utcoffset() == timedelta(0)


async def test_rows_of_plain_sql_have_an_id_and_times(session: AsyncSession) -> None:
    for word in ("x", "y"):
        insert = text("INSERT INTO test_notes (text) VALUES (:word)")
        await session.execute(insert, {"word": word})
    rows = [*await session.scalars(select(Note))]
    assert {row.id.version for row in rows} == {4}
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert await session.get_one(Note, row.id) is row
        assert row.created_at == row.updated_at
        assert abs(datetime.now(UTC) - row.created_at) < timedelta(minutes=1)


async def test_times_of_plain_sql_are_not_whole_seconds(session: AsyncSession) -> None:
    for word in ("x", "y"):
        await session.execute(text(f"INSERT INTO test_notes (text) VALUES ('{word}')"))
        await session.commit()
        await asyncio.sleep(0.005)
    times = {row.created_at for row in await session.scalars(select(Note))}
    assert any(time.microsecond for time in times)


async def test_a_time_without_a_zone_is_refused(session: AsyncSession) -> None:
    session.add(Note(text="x", created_at=datetime(2030, 1, 1)))  # noqa: DTZ001
    with pytest.raises(StatementError):
        await session.flush()


async def test_a_change_is_dated(session: AsyncSession) -> None:
    session.add(note := Note(text="x"))
    await session.flush()
    created = note.updated_at
    note.text = "y"
    await session.flush()
    await session.refresh(note)
    assert note.updated_at > created


async def test_constraints_have_names(connection: AsyncConnection) -> None:
    names = await connection.run_sync(
        lambda c: inspect(c).get_unique_constraints("test_notes")
    )
    assert [name["name"] for name in names] == ["uq_test_notes_text"]
