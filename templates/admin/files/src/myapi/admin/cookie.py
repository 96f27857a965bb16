"""The cookie that leads to a login, and to nothing but the admin."""

from datetime import timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from myapi.auth.cookies import clear_cookie, cookie_name, set_cookie
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import SignedToken

COOKIE = "admin"
LASTS = timedelta(hours=8)


class AdminToken(SignedToken):
    purpose = "admin"

    sid: UUID


def read_cookie(request: Request, settings: AuthSettings) -> UUID | None:
    """The login."""
    cookie = request.cookies.get(cookie_name(settings, COOKIE), "")
    token = AdminToken.read(settings, cookie)
    return token.sid if token else None


def remember_login(response: Response, settings: AuthSettings, login_id: UUID) -> None:
    """Until the browser is closed, and no longer than the token lasts."""
    signed = AdminToken(sid=login_id).signed(settings, LASTS)
    set_cookie(response, settings, COOKIE, signed, lifetime=None)


def forget_login(response: Response, settings: AuthSettings) -> None:
    clear_cookie(response, settings, COOKIE)
