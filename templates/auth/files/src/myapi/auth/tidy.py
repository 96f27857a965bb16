"""Delete what nobody needs any more: logins, links and attempts that have expired."""

import asyncio
import sys
from typing import Any, cast

from sqlalchemy import CursorResult, Delete
from sqlalchemy.exc import DBAPIError

from myapi.auth import queries
from myapi.auth.attempt_storage import forget_expired_attempts
from myapi.auth.commands import what_is_wrong
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.engine import connect
from myapi.db.session import Sessions
from myapi.settings import get_settings


async def tidy(sessions: Sessions, settings: AuthSettings) -> int:
    """The number of deleted rows. A login that goes takes its refresh tokens along."""
    now = utc_now()
    return (
        await delete_all(sessions, queries.forget_logins(now - settings.refresh_ttl))
        + await delete_all(sessions, queries.forget_expired_email_tokens(now))
        + await delete_all(sessions, forget_expired_attempts(now))
    )


async def delete_all(sessions: Sessions, some: Delete) -> int:
    """In batches, each a transaction, so that nobody waits long for a lock."""
    count = 0
    while True:
        async with sessions.begin() as session:
            result = cast("CursorResult[Any]", await session.execute(some))
        count += result.rowcount
        if result.rowcount < queries.BATCH:
            return count


async def tidy_all() -> None:
    settings = get_settings()
    async with connect(settings.database) as sessions:
        count = await tidy(sessions, settings.auth)
    sys.stdout.write(f"{count} rows deleted.\n")


def main() -> None:
    try:
        asyncio.run(tidy_all())
    except DBAPIError as error:
        sys.exit(what_is_wrong(error))


if __name__ == "__main__":
    main()
