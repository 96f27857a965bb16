"""A row that the database refuses is a conflict with the rows that are there."""

import re
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from myapi.db.session import AsyncSession
from myapi.errors import ConflictError, NotFoundError

# The SQLSTATE of PostgreSQL, and SQLite's name of the error.
UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE"}
FOREIGN_KEY = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
RESTRICT = {"23001", "SQLITE_CONSTRAINT_TRIGGER"}  # of a key with ON DELETE RESTRICT

# In PostgreSQL's detail, whatever its language; and in SQLite's message.
COLUMN = re.compile(r"\((\w+)\)=\(|failed: \w+\.(\w+)$")

NOWHERE = "A reference would lead nowhere."
IN_USE = "Other rows refer to it."
GONE = "It has been deleted meanwhile."


async def flush(session: AsyncSession, *, broken: str = NOWHERE) -> None:
    """`broken` is what to say of a foreign key."""
    try:
        await session.flush()
    except IntegrityError as error:
        code = code_of(error)
        if code in UNIQUE:
            raise ConflictError(f"Another row has this {column_of(error)}.") from error
        if code in FOREIGN_KEY | RESTRICT:
            raise ConflictError(broken) from error
        raise
    except StaleDataError as error:
        raise NotFoundError(GONE) from error


async def check_found(session: AsyncSession, query: Select[Any]) -> None:
    """Raise unless there is a row."""
    with session.no_autoflush:
        if await session.scalar(query) is None:
            raise ConflictError(NOWHERE)


def code_of(error: IntegrityError) -> str | None:
    cause = error.orig
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)


def column_of(error: IntegrityError) -> str:
    """Without the value, which may be of someone else's row."""
    text = getattr(error.orig, "detail", None) or str(error.orig)
    found = COLUMN.search(text)
    return (found[1] or found[2]) if found else "value"
