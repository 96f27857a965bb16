"""Association tables of many-to-many relations."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from myapi.db.integrity import FOREIGN_KEY, MISSING_REFERENCE, code_of
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError

Insert = Callable[[Table], postgresql.Insert | sqlite.Insert]

INSERT: Mapping[str, Insert] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


async def add(session: AsyncSession, pairs: Table, **pair: UUID) -> None:
    """Add a pair; one that exists already is left as it is."""
    insert = INSERT[session.get_bind().dialect.name]
    try:
        await session.execute(insert(pairs).values(pair).on_conflict_do_nothing())
    except IntegrityError as error:
        if code_of(error) in FOREIGN_KEY:
            raise ConflictError(MISSING_REFERENCE) from error
        raise


async def remove(session: AsyncSession, pairs: Table, **pair: UUID) -> None:
    """Remove a pair, if it exists."""
    await session.execute(delete(pairs).filter_by(**pair))
