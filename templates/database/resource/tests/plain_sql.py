"""Rows of programs that do not have the models: `psql`, COPY, data migrations."""

from sqlalchemy import column, inspect, table

from myapi.db.base import Record
from myapi.db.session import AsyncSession

MADE_BY_THE_DATABASE = {"id", "created_at", "updated_at"}


async def insert_again(session: AsyncSession, row: Record) -> None:
    """Replace `row` by one with the same values, without the defaults of Python."""
    await session.delete(row)
    await session.flush()
    mapper = inspect(type(row))
    columns = [c for c in mapper.columns if c.name not in MADE_BY_THE_DATABASE]
    plain = table(str(mapper.local_table), *(column(c.name, c.type) for c in columns))
    values = {c.name: getattr(row, c.name) for c in columns}
    await session.execute(plain.insert().values(values))
    await session.commit()
