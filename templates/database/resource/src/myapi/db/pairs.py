"""Tables of pairs: which rows go with which."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from myapi.db.integrity import FOREIGN_KEY, NOWHERE, code_of
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError

Insert = Callable[[Table], postgresql.Insert | sqlite.Insert]

INSERT: Mapping[str, Insert] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


async def add(session: AsyncSession, pairs: Table, **pair: UUID) -> None:
    """A pair that is there stays, also when another request adds it meanwhile."""
    insert = INSERT[session.get_bind().dialect.name]
    try:
        await session.execute(insert(pairs).values(pair).on_conflict_do_nothing())
    except IntegrityError as error:
        if code_of(error) in FOREIGN_KEY:
            raise ConflictError(NOWHERE) from error
        raise


async def remove(session: AsyncSession, pairs: Table, **pair: UUID) -> None:
    """A pair that is not there is no mistake: it is not there afterwards."""
    await session.execute(delete(pairs).filter_by(**pair))
