"""A database that does not answer is one error, a 503, wherever it shows."""

from http import HTTPStatus
from typing import ClassVar

import structlog
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection

from myapi.errors import AppError

log = structlog.get_logger(__name__)

# Classes of SQLSTATE: connection, rollback, resources, operator and system.
PASSING_STATES = ("08", "40", "53", "57", "58")
PASSING_SQLITE_ERRORS = (
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


class ConnectionLostError(DatabaseUnavailableError):
    """The server has closed the connection. The pool opens others from now on."""


class ReportingPool(AsyncAdaptedQueuePool):
    """Whatever keeps it from giving a connection, the database is unavailable."""

    _sqla_logger_namespace = "sqlalchemy.pool"  # as quiet as the pool that it is

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except Exception as error:
            raise unavailable(error) from error


def report(context: ExceptionContext) -> DatabaseUnavailableError | None:
    """For the engine's event `handle_error`: statements, and commits, that failed."""
    if context.is_pre_ping:
        return None  # the pool opens another connection
    error = context.original_exception
    if context.is_disconnect:
        log.warning("database connection lost", error=repr(error))
        return ConnectionLostError()
    return unavailable(error) if is_passing(error) else None


def is_passing(error: BaseException) -> bool:
    """Whether the same statement may succeed later."""
    state = getattr(error, "sqlstate", None) or ""
    name = getattr(error, "sqlite_errorname", "")
    return (
        isinstance(error, OSError)  # TimeoutError is one
        or state.startswith(PASSING_STATES)
        or name.startswith(PASSING_SQLITE_ERRORS)
    )


def unavailable(error: BaseException) -> DatabaseUnavailableError:
    log.error("database unavailable", error=repr(error))
    return DatabaseUnavailableError()
