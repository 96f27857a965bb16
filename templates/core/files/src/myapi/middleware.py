"""Pure ASGI middleware: a few microseconds each, where `BaseHTTPMiddleware` costs more
than a hundred.

What waits for nothing, such as most of `send`, is a plain function, which returns what
the next one does: an `async def` would make one more coroutine.
"""

import re
import time
from collections.abc import Awaitable
from logging import INFO
from os import urandom

import structlog
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from myapi.errors import Problem, problem
from myapi.logging import request_id

CREDENTIALS = (b"authorization", b"cookie", b"x-api-key")
JSON_POLICY = b"default-src 'none'; frame-ancestors 'none'"
VALID_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestContextMiddleware:
    """Request id, one log line per request, and a problem document for a crash.

    The crash is handled here, inside CORS, because Starlette's own handler for
    `Exception` sits outside every middleware: a browser could not read its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Once, not at each request; logging is configured by now.
        self.log: FilteringBoundLogger = structlog.get_logger(__name__).bind()
        self.logs_requests = self.log.is_enabled_for(INFO)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        id_ = header(scope, b"x-request-id")
        if id_ is None or not VALID_ID.fullmatch(id_):
            id_ = urandom(16).hex().encode()
        started = time.perf_counter()
        status = 0

        def send_with_id(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", id_),
                ]
            return send(message)

        token = request_id.set(id_.decode())
        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            self.log.exception("request failed", path=scope["path"])
            if status:
                raise
            crash = problem(Problem(title="Internal Server Error", status=500))
            await crash(scope, receive, send_with_id)
        finally:
            if self.logs_requests:
                ms = round((time.perf_counter() - started) * 1000, 1)
                self.log_request(scope, status, ms)
            request_id.reset(token)

    def log_request(self, scope: Scope, status: int, ms: float) -> None:
        """Without the query string, where somebody may have put a token.

        A guard that knows the user leaves `user_id` in the scope.
        """
        route = scope.get("route")
        client = scope.get("client")
        user_id = scope.get("user_id")
        agent = header(scope, b"user-agent")
        self.log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            operation=getattr(route, "name", None),
            status=status,
            ms=ms,
            client=client and client[0],
            user_id=user_id and str(user_id),
            user_agent=agent and agent[:200].decode("latin-1"),
        )


class SecurityHeadersMiddleware:
    """Headers that browsers and caches obey; those of an endpoint come first.

    Answers to requests with credentials are in no shared cache: a cache does not know
    that two users with their cookies get different answers at one address.
    """

    def __init__(self, app: ASGIApp, hsts: bool) -> None:
        self.app = app
        self.hsts = hsts

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self.app(scope, receive, send)
        added = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]
        if self.hsts and scope["scheme"] == "https":
            added.append((b"strict-transport-security", b"max-age=31536000"))
        private = any(name in CREDENTIALS for name, _ in scope["headers"])

        def send_with_headers(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                given = dict(message.get("headers", ()))
                headers = [*message.get("headers", ())]
                headers += [(k, v) for k, v in added if k not in given]
                if b"json" in given.get(b"content-type", b""):
                    headers.append((b"content-security-policy", JSON_POLICY))
                if private and b"cache-control" not in given:
                    # An answer with an ETag can be kept by the browser, and asked for.
                    cache = b"private, no-cache" if b"etag" in given else b"no-store"
                    headers.append((b"cache-control", cache))
                message["headers"] = headers
            return send(message)

        return self.app(scope, receive, send_with_headers)


class RootPathMiddleware:
    """Makes links, such as those of /docs, begin where a proxy serves the API."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self.root_path:
            scope["root_path"] = self.root_path
        return self.app(scope, receive, send)


class UntrustedProxyMiddleware:
    """Warns once when a peer that is not trusted says for whom it asks.

    A server puts the client's address in the place of a trusted proxy's, with port 0.
    """

    def __init__(self, app: ASGIApp, enabled: bool) -> None:
        self.app = app
        self.enabled = enabled

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self.enabled and scope["type"] == "http" and is_from_untrusted_proxy(scope):
            self.enabled = False
            structlog.get_logger(__name__).warning(
                "untrusted proxy",
                peer=scope["client"][0],
                hint="If this is your proxy, set FORWARDED_ALLOW_IPS to its address: "
                "until then all clients have the proxy's address and share its limits.",
            )
        return self.app(scope, receive, send)


def is_from_untrusted_proxy(scope: Scope) -> bool:
    client = scope.get("client")
    return bool(client and client[1]) and any(
        name in (b"x-forwarded-for", b"forwarded") and value.strip(b" ,")
        for name, value in scope["headers"]
    )


class BodyLimitMiddleware:
    """413 for a body of more bytes than `max_body_size`, or than the route's own.

    FastAPI's `max_body_size` for a whole application answers in plain text, outside
    CORS. A route's `max_body_size` comes first here too, so one can take more.
    """

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self.app = app
        self.max_body_size = max_body_size

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            receive = self.limited(scope, receive)
        return self.app(scope, receive, send)

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


def header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None
