"""One stream of structured logs: ours, the server's and every library's."""

import logging.config
import sys
from contextvars import ContextVar
from json import dumps

import structlog
from pydantic_core import to_json
from structlog.typing import EventDict, Processor, WrappedLogger

from myapi.server import LOGGERS

request_id: ContextVar[str] = ContextVar("request_id")


class StdoutLogger:
    """Ours go straight to stdout: through the standard library each would cost several
    times as much."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def write(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = write


def add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if (given := request_id.get(None)) is not None:
        event["request_id"] = given
    return event


def render_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Like structlog's own renderer, in a third of its time."""
    try:
        line = to_json(
            event,
            ensure_ascii=True,
            bytes_mode="base64",
            inf_nan_mode="strings",
            fallback=repr,
        )
    except ValueError:  # half a surrogate pair, in the name of a file for example
        return dumps(event, default=repr)
    return line.decode()


def configure_logging(level: str, *, json: bool) -> None:
    """JSON, one event a line; or, for a terminal, coloured text."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[Processor] = (
        [
            # Without local variables: one of them may be a password.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            render_json,
        ]
        if json
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=StdoutLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structlog": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [
                        *shared,
                        structlog.stdlib.ExtraAdder(),
                    ],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *renderer,
                    ],
                }
            },
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "formatter": "structlog",
                    "stream": "ext://sys.stdout",
                }
            },
            "root": {"handlers": ["stdout"], "level": level},
            "loggers": LOGGERS,
        }
    )
