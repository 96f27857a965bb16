"""Cookies travel along with what other sites make a browser send."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from myapi.auth.cookies import ACCESS, REFRESH, cookie_name
from myapi.auth.errors import ForbiddenError
from myapi.auth.settings import AuthSettings
from myapi.errors import problem_of

SAFE = {"GET", "HEAD", "OPTIONS"}
REFUSAL = "Another site sent this."


class CSRFMiddleware:
    """Refuses what another site makes a browser do with the cookies of a login."""

    def __init__(
        self, app: ASGIApp, settings: AuthSettings, trusted: Sequence[str]
    ) -> None:
        self.app = app
        self.trusted = trusted
        self.cookies = {cookie_name(settings, name) for name in (ACCESS, REFRESH)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.refuses(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": REFUSAL})
        else:
            await problem_of(ForbiddenError(REFUSAL))(scope, receive, send)

    def refuses(self, scope: Scope) -> bool:
        # A handshake of a WebSocket is a GET that may change anything afterwards.
        if scope["type"] == "http":
            if scope["method"] in SAFE:
                return False
        elif scope["type"] != "websocket":
            return False
        connection = HTTPConnection(scope)
        return (
            not self.cookies.isdisjoint(connection.cookies)
            and not connection.headers.get("authorization", "")
            .lower()
            .startswith("bearer ")
            and is_cross_site(connection.headers, self.trusted)
        )


def is_cross_site(headers: Headers, trusted: Sequence[str]) -> bool:
    """Whether a browser says that a page of another origin sent this.

    Browsers that do not send `Sec-Fetch-Site` send `Origin`; what sends neither is no
    browser, and nobody else's cookies are in it.
    """
    origin = headers.get("origin", "")
    if origin in trusted:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host")


async def refuse_cross_site(request: Request) -> None:
    """Nobody is logged in by another site either, as somebody else."""
    if is_cross_site(request.headers, request.state["settings"].cors.origins):
        raise ForbiddenError(REFUSAL)
