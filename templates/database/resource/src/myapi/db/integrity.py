"""A row that the database refuses is a conflict with the rows that are there."""

import re
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError

from myapi.db.session import AsyncSession
from myapi.errors import ConflictError

# As SQLite says it, and as PostgreSQL does.
UNIQUE = re.compile(r"UNIQUE constraint failed: \w+\.(\w+)|Key \((\w+)\)=.* already exists")
FOREIGN_KEY = re.compile("foreign key constraint", re.IGNORECASE)

NOWHERE = "A reference would lead nowhere."


async def flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        detail = getattr(error.orig, "detail", None)  # of PostgreSQL
        reason = reason_of(f"{error.orig} {detail}")
        if reason is None:
            raise
        raise ConflictError(reason) from error


async def check_found(session: AsyncSession, query: Select[Any]) -> None:
    """Raise unless there is a row."""
    with session.no_autoflush:
        if await session.scalar(query) is None:
            raise ConflictError(NOWHERE)


def reason_of(message: str) -> str | None:
    """Without the value, which may be of someone else's row."""
    if found := UNIQUE.search(message):
        return f"Another row has this {found[1] or found[2]}."
    if FOREIGN_KEY.search(message):
        return NOWHERE
    return None
