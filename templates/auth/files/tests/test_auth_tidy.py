from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from accounts import DEVICE, events_of
from myapi.auth import email_tokens, logins, queries
from myapi.auth import tidy as command
from myapi.auth.attempt_storage import DatabaseStorage, attempts_table
from myapi.auth.models import EmailToken, Login, Purpose, RefreshToken, User
from myapi.auth.tidy import tidy
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession, Sessions
from myapi.db.settings import DatabaseSettings
from myapi.settings import Settings

EXPIRING = (
    (Login, "last_used_at"),
    (EmailToken, "expires_at"),
    (attempts_table, "expires_at"),
)


async def test_tidy_deletes_what_has_expired_and_nothing_else(
    session: AsyncSession,
    sessions: Sessions,
    read_sessions: Sessions,
    settings: Settings,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = DatabaseStorage(sessions, read_sessions)

    async def add_rows() -> None:
        await logins.log_in(session, events_of(settings), user, DEVICE)
        purpose, ttl = Purpose.RESET_PASSWORD, timedelta(hours=1)
        await email_tokens.issue(session, user, purpose, user.email, ttl)
        await session.commit()

    for n in range(3):
        await add_rows()
        await storage.incr(str(n), 60)
    long_ago = utc_now() - settings.auth.refresh_ttl - timedelta(seconds=1)
    for table, column in EXPIRING:
        await session.execute(update(table).values({column: long_ago}))
    await session.commit()
    monkeypatch.setattr(queries, "BATCH", 0)  # what follows deletes nothing by itself
    await add_rows()
    await storage.incr("now", 60)
    monkeypatch.setattr(queries, "BATCH", 2)

    assert await tidy(sessions, settings.auth) == 9
    for left in (Login, RefreshToken, EmailToken, attempts_table):
        assert await session.scalar(select(func.count()).select_from(left)) == 1
    assert await tidy(sessions, settings.auth) == 0


def test_tidy_reports_a_database_that_is_down_in_one_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://nobody:secret@127.0.0.1:1/none"
    database = DatabaseSettings.model_validate({"url": url})
    monkeypatch.setattr(settings, "database", database)
    monkeypatch.setattr(command, "get_settings", lambda: settings)
    with pytest.raises(SystemExit, match="does not answer: is DATABASE_URL right"):
        command.main()
