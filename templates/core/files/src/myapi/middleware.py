"""Pure ASGI middleware: a few microseconds each, where `BaseHTTPMiddleware` costs more
than a hundred."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myapi.errors import Problem, problem

log = structlog.get_logger(__name__)

VALID_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContextMiddleware:
    """Request id, one log line per request, and a problem document for a crash.

    The crash is handled here, inside CORS, because Starlette's own handler for
    `Exception` sits outside every middleware: a browser could not read its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if VALID_ID.fullmatch(given) else uuid4().hex
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            except Exception:
                log.exception("request failed", path=scope["path"])
                if status:
                    raise
                crash = problem(Problem(title="Internal server error", status=500))
                await crash(scope, receive, send_with_id)
            finally:
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


class BodyLimitMiddleware:
    """413 for a body of more bytes than `max_body_size`, or than the route's own.

    FastAPI's `max_body_size` for a whole application answers in plain text, outside
    CORS. A route's `max_body_size` comes first here too, so one can take more.
    """

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self.app = app
        self.max_body_size = max_body_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = self.limited(scope, receive)
        await self.app(scope, receive, send)

    def limited(self, scope: Scope, receive: Receive) -> Receive:
        size = 0

        async def receive_with_limit() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > scope.get(MAX_BODY_SIZE_SCOPE_KEY, self.max_body_size):
                raise HTTPException(413)
            return message

        return receive_with_limit
