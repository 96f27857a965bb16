"""What the API answers when the database fails; services see the error itself."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from sqlalchemy import event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from myapi.errors import AppError, ConflictError, ProblemResponse, on_app_error

log = structlog.get_logger(__name__)

# Classes of SQLSTATE: connection, login, no such database, resources, a server that
# stops, system.
UNAVAILABLE_STATES = ("08", "28", "3D", "53", "57P", "58")
UNAVAILABLE_SQLITE_ERRORS = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_READONLY",
)
STATEMENT_TIMEOUT = "57014"
SERIALIZATION_FAILURE = "40001"
DEADLOCK = "40P01"


class DatabaseUnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "urn:problem-type:database-unavailable"
    title = "Database unavailable"
    headers: Mapping[str, str] = {"Retry-After": "5"}


DATABASE_ERRORS = (DBAPIError, PoolTimeoutError)


def add_database_errors(app: FastAPI) -> None:
    for error in DATABASE_ERRORS:
        app.exception_handler(error)(on_database_error)


async def on_database_error(
    request: Request, error: DBAPIError | PoolTimeoutError
) -> ProblemResponse:
    """Any other error of the database is a bug, and stays a 500."""
    answer = to_app_error(error)
    if answer is None:
        raise error
    return await on_app_error(request, answer)


def to_app_error(error: DBAPIError | PoolTimeoutError) -> AppError | None:
    """None for an error that the application has to prevent."""
    if isinstance(error, PoolTimeoutError):
        log.error("no free database connection", error=str(error))
        return DatabaseUnavailableError()
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in (SERIALIZATION_FAILURE, DEADLOCK):
        log.warning("transaction conflict", sqlstate=state)
        return ConflictError("Another request changed the same rows. Try again.")
    if state == STATEMENT_TIMEOUT:
        log.error("statement timed out", statement=error.statement)
        return DatabaseUnavailableError()
    if is_unavailable(error):
        log.error("database unavailable", error=repr(error.orig))
        return DatabaseUnavailableError()
    return None


def is_unavailable(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    sqlite_error = getattr(error.orig, "sqlite_errorname", "")
    return (
        error.connection_invalidated
        or isinstance(error.orig, OSError)
        or state.startswith(UNAVAILABLE_STATES)
        or sqlite_error.startswith(UNAVAILABLE_SQLITE_ERRORS)
    )


def wrap_network_errors(engine: AsyncEngine) -> None:
    """asyncpg lets OSError and TimeoutError through, which SQLAlchemy does not wrap."""
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "handle_error", _wrap)


def _connect(
    dialect: Dialect,
    _: ConnectionPoolEntry,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> DBAPIConnection:
    try:
        return dialect.connect(*arguments, **options)
    except OSError as error:
        raise OperationalError(None, None, error) from error


def _wrap(context: ExceptionContext) -> OperationalError | None:
    error = context.original_exception
    if not isinstance(error, OSError):
        return None
    return OperationalError(context.statement, None, error)
