from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

import myapi.db.models  # noqa: F401 (relationships name models of other files)
from myapi.db.errors import wrap_network_errors
from myapi.db.revisions import warn_of_missing_migrations
from myapi.db.session import Sessions, create_sessions
from myapi.db.settings import DatabaseSettings
from myapi.db.url import DRIVER_PARAMETERS, asyncpg_arguments


def create_engine(settings: DatabaseSettings, *, reading: bool = False) -> AsyncEngine:
    """An engine with transactions; or, for reading, one in AUTOCOMMIT mode."""
    sqlite = settings.url.get_backend_name() == "sqlite"
    arguments: dict[str, Any] = {"timeout": settings.timeout}
    if not sqlite:
        arguments["command_timeout"] = settings.statement_timeout
        arguments |= asyncpg_arguments(settings.url)
    engine = create_async_engine(
        settings.url.difference_update_query(DRIVER_PARAMETERS),
        echo=settings.echo,
        connect_args=arguments,
        pool_size=settings.read_pool_size if reading else settings.pool_size,
        max_overflow=0 if reading else settings.max_overflow,
        pool_timeout=settings.timeout,
        # Seconds. Networks drop connections that have been silent for longer.
        pool_recycle=1800,
        # A ping would slow reads down by a fifth. Without it, a read on a lost
        # connection is answered with 503, and the next read opens a new connection.
        pool_pre_ping=not sqlite and not reading,
        isolation_level="AUTOCOMMIT" if reading else None,
    )
    wrap_network_errors(engine)
    if sqlite:
        event.listen(engine.sync_engine, "connect", _open_sqlite)
        if not reading:
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
    elif settings.idle_in_transaction_timeout and not reading:
        limit = _idle_limit(settings.idle_in_transaction_timeout)
        event.listen(engine.sync_engine, "connect", limit)
    return engine


def _open_sqlite(dbapi: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # No implicit transactions: with them, SQLite savepoints escape the rollback.
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Waits for the write lock at once: a transaction that began with a read cannot
    # write after another one has written.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _idle_limit(seconds: float) -> Callable[[DBAPIConnection, object], None]:
    # A statement, because PgBouncer refuses startup parameters that it does not know.
    statement = f"SET idle_in_transaction_session_timeout = {round(seconds * 1000)}"

    def limit(dbapi: DBAPIConnection, _: object) -> None:
        cursor = dbapi.cursor()
        cursor.execute(statement)
        cursor.close()
        dbapi.commit()

    return limit


@asynccontextmanager
async def connect(
    settings: DatabaseSettings, *, reading: bool = False, developing: bool = False
) -> AsyncIterator[Sessions]:
    engine = create_engine(settings, reading=reading)
    try:
        if developing:
            await warn_of_missing_migrations(engine)
        yield create_sessions(engine)
    finally:
        await engine.dispose()
