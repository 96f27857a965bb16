"""The cookie that leads to a login, and to nothing but the admin."""

from datetime import timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import SignedToken

LASTS = timedelta(hours=8)


class AdminToken(SignedToken):
    purpose = "admin"

    sid: UUID


def cookie_name(settings: AuthSettings) -> str:
    """Browsers take a cookie with this prefix by https alone."""
    return "__Secure-admin" if settings.cookie_secure else "admin"


def read_cookie(request: Request, settings: AuthSettings) -> UUID | None:
    """The login."""
    token = AdminToken.read(settings, request.cookies.get(cookie_name(settings), ""))
    return token.sid if token else None


def set_cookie(
    request: Request, response: Response, settings: AuthSettings, login_id: UUID
) -> None:
    response.set_cookie(
        cookie_name(settings),
        AdminToken(sid=login_id).signed(settings, LASTS),
        path=request.scope["root_path"],
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )


def clear_cookie(request: Request, response: Response, settings: AuthSettings) -> None:
    response.delete_cookie(
        cookie_name(settings),
        path=request.scope["root_path"],
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )
