"""Pure ASGI middleware of the admin alone."""

import re

import structlog
from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from myapi.admin.refusals import is_refusal
from myapi.auth.csrf import REFUSAL, SAFE, is_cross_site
from myapi.db.errors import DATABASE_ERRORS, to_app_error
from myapi.errors import AppError

log = structlog.get_logger(__name__)

# starlette-admin's pages have scripts and styles of their own in them.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class HeadersMiddleware:
    """Pages load nothing from other hosts, cannot be framed and are not cached.
    Redirects are relative, so the Host header cannot lead them elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Location" in headers:
                    headers["Location"] = without_host(headers["Location"], scope)
                headers["Content-Security-Policy"] = POLICY
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Content-Type-Options"] = "nosniff"
                if "ETag" not in headers:  # the static files have one
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def without_host(location: str, scope: Scope) -> str:
    """An address of this host as a path, unless a browser takes that for a host."""
    origin = str(URL(scope=scope).replace(path="", query=""))
    path = location.removeprefix(origin)
    return path if re.match("/(?!/)", path) else location


class RefusalMiddleware:
    """What another site sends is refused, and what cannot be answered is said."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await WebSocketClose()(scope, receive, send)
        if is_foreign(scope):
            return await PlainTextResponse(REFUSAL, 403)(scope, receive, send)
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if started:
                raise
            await answer_to(error, scope["path"])(scope, receive, send)


def is_foreign(scope: Scope) -> bool:
    """Whether a page of another origin sent it: such a page may only link here."""
    headers = Headers(scope=scope)
    links = scope["method"] in SAFE and headers.get("sec-fetch-mode") == "navigate"
    return is_cross_site(headers, ()) and not links


def answer_to(error: Exception, path: str) -> Response:
    if isinstance(error, DATABASE_ERRORS):
        error = to_app_error(error) or error
    if isinstance(error, AppError):
        return PlainTextResponse(str(error), int(error.status), error.headers)
    if isinstance(error, HTTPException):
        return PlainTextResponse(error.detail, error.status_code, error.headers)
    if is_refusal(error):
        return PlainTextResponse("The database cannot be asked for this.", 400)
    log.error("request failed", path=path, exc_info=error)
    return PlainTextResponse("Internal server error", 500)
