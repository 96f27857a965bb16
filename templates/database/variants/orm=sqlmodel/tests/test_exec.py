from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import select

from myapi.db.session import AsyncSession
from notes import Note


async def test_queries_of_sqlmodel_are_executed(
    session: AsyncSession, connection: AsyncConnection
) -> None:
    await connection.run_sync(Note.metadata.create_all)
    session.add(note := Note(text="x"))
    await session.commit()
    assert (await session.exec(select(Note))).one() is note
    assert (await session.scalars(select(Note))).all() == [note]
