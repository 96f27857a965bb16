"""Counts attempts in the database, so that all replicas count together."""

from asyncio import Lock
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from limits.aio.storage import Storage
from sqlalchemy import (
    Column,
    Delete,
    Integer,
    LargeBinary,
    Table,
    case,
    delete,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from myapi.auth.queries import BATCH
from myapi.db.base import Base, UTCDateTime, utc_now
from myapi.db.session import AsyncSession, Sessions

# Without a model, so the admin does not show it.
attempts_table = Table(
    "auth_attempts",
    Base.metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", UTCDateTime(), nullable=False, index=True),
)
_columns = attempts_table.c

CLEANUP_INTERVAL = 50  # one attempt of so many also deletes expired rows


def forget_expired_attempts(now: datetime) -> Delete:
    """Some of them."""
    expired = select(_columns.key).where(_columns.expires_at <= now)
    some = expired.limit(BATCH).with_for_update(skip_locked=True)
    return delete(attempts_table).where(_columns.key.in_(some))


class DatabaseStorage(Storage):
    """Each method that writes is a transaction of its own: what a request takes stays
    taken when the request fails."""

    STORAGE_SCHEME = None
    base_exceptions = ()  # those of the database are what the API answers already

    def __init__(self, sessions: Sessions, read_sessions: Sessions) -> None:
        super().__init__()
        self.sessions = sessions
        self.read_sessions = read_sessions
        self.attempts = count()
        # SQLite has one writer at a time, and no queue: some would wait for ever.
        self.on_sqlite = sessions.kw["bind"].dialect.name == "sqlite"
        self.turn = Lock() if self.on_sqlite else nullcontext()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self.turn, self.sessions.begin() as session:
            yield session

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = utc_now()
        if next(self.attempts) % CLEANUP_INTERVAL == 0:
            async with self.transaction() as session:
                await session.execute(forget_expired_attempts(now))
        added = max(amount, 0)
        is_live = _columns.expires_at > now
        insert = (sqlite if self.on_sqlite else postgresql).insert(attempts_table)
        async with self.transaction() as session:
            upsert = insert.values(
                key=digest(key), count=added, expires_at=now + timedelta(seconds=expiry)
            )
            found = await session.scalar(
                upsert.on_conflict_do_update(
                    index_elements=[_columns.key],
                    set_={
                        "count": case((is_live, _columns.count + amount), else_=added),
                        "expires_at": case(
                            (is_live, _columns.expires_at),
                            else_=upsert.excluded.expires_at,
                        ),
                    },
                ).returning(_columns.count)
            )
        return int(found or 0)

    async def get(self, key: str) -> int:
        live = select(_columns.count).where(
            _columns.key == digest(key), _columns.expires_at > utc_now()
        )
        async with self.read_sessions() as session:
            return await session.scalar(live) or 0

    async def get_expiry(self, key: str) -> float:
        expiry = select(_columns.expires_at).where(_columns.key == digest(key))
        async with self.read_sessions() as session:
            expires_at = await session.scalar(expiry)
        return (expires_at or utc_now()).timestamp()

    async def check(self) -> bool:
        async with self.read_sessions() as session:
            await session.execute(select(_columns.key).limit(1))
        return True

    async def clear(self, key: str) -> None:
        async with self.transaction() as session:
            await session.execute(
                delete(attempts_table).where(_columns.key == digest(key))
            )

    async def reset(self) -> int | None:
        async with self.transaction() as session:
            await session.execute(delete(attempts_table))
        return None


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()
