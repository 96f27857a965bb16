"""A row that the database refuses is a conflict with the rows that are there."""

import re
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from myapi.db.reading import Values
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError, NotFoundError

# The SQLSTATE of PostgreSQL, and SQLite's name of the error.
UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE"}
FOREIGN_KEY = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
RESTRICT = {"23001", "SQLITE_CONSTRAINT_TRIGGER"}  # of a key with ON DELETE RESTRICT

# In PostgreSQL's detail, whatever its language; and in SQLite's message.
COLUMNS = re.compile(r"\(([^()]+)\)=\(|failed: ([\w., ]+)$")
COLUMN = re.compile(r'(\w+)"?(?:,|$)')
OWNER = "owner_id"

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
            raise ConflictError(f"Another row has this {columns_of(error)}.") from error
        if code in FOREIGN_KEY | RESTRICT:
            raise ConflictError(broken) from error
        raise
    except StaleDataError as error:
        raise NotFoundError(GONE) from error


async def check_found(
    session: AsyncSession, statement: Select[Any], values: Values
) -> None:
    """Raise unless there is a row."""
    with session.no_autoflush:
        if await session.scalar(statement, values) is None:
            raise ConflictError(NOWHERE)


def code_of(error: IntegrityError) -> str | None:
    cause = error.orig
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)


def columns_of(error: IntegrityError) -> str:
    """Without the values, which may be of someone else's row; and without the owner,
    among whose rows they are unique."""
    text = getattr(error.orig, "detail", None) or str(error.orig)
    found = COLUMNS.search(text)
    names = COLUMN.findall(found[1] or found[2]) if found else []
    return " and ".join(name for name in names if name != OWNER) or "value"
