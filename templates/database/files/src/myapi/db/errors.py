"""A database that does not answer is one error, wherever it shows."""

from http import HTTPStatus
from typing import ClassVar

import structlog
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection

from myapi.errors import AppError

log = structlog.get_logger(__name__)

# Classes of SQLSTATE: connection, rollback (deadlock), resources, operator, system.
PASSING_STATES = ("08", "40", "53", "57", "58")

PASSING_SQLITE_CODES = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_READONLY",
)


class DatabaseUnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Database unavailable"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


def unavailable(cause: BaseException) -> DatabaseUnavailableError:
    log.error("database unavailable", cause=f"{type(cause).__name__}: {cause}")
    return DatabaseUnavailableError()


class QueuePool(AsyncAdaptedQueuePool):
    _sqla_logger_namespace = "sqlalchemy.pool"

    def connect(self) -> PoolProxiedConnection:
        """Whatever keeps it from giving a connection, the database is unavailable."""
        try:
            return super().connect()
        except Exception as error:
            raise unavailable(error) from error


def report_unavailable(engine: AsyncEngine) -> None:
    """Statements, commits and rollbacks that fail for want of the database say so."""
    event.listen(engine.sync_engine, "handle_error", _on_error)


def _on_error(context: ExceptionContext) -> DatabaseUnavailableError | None:
    if context.is_pre_ping:
        return None  # the pool opens another connection
    error = context.original_exception
    passing = (
        context.is_disconnect
        or isinstance(error, TimeoutError)
        or str(getattr(error, "sqlstate", "")).startswith(PASSING_STATES)
        or str(getattr(error, "sqlite_errorname", "")).startswith(PASSING_SQLITE_CODES)
    )
    return unavailable(error) if passing else None
