"""The cookie that leads to a login, and to nothing but the admin."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from starlette.requests import Request
from starlette.responses import Response

from myapi.auth.settings import AuthSettings

LASTS = timedelta(hours=8)

_ALGORITHM = "HS256"
_AUDIENCE = "myapi:admin"


def cookie_name(settings: AuthSettings) -> str:
    """Browsers take a cookie with this prefix by https alone."""
    return "__Secure-admin" if settings.cookie_secure else "admin"


def sealed(settings: AuthSettings, login_id: UUID) -> str:
    claims = {"sid": str(login_id), "aud": _AUDIENCE, "exp": datetime.now(UTC) + LASTS}
    return jwt.encode(claims, settings.secret_key.get_secret_value(), _ALGORITHM)


def opened(settings: AuthSettings, value: str) -> UUID | None:
    try:
        claims = jwt.decode(
            value,
            settings.secret_key.get_secret_value(),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["aud", "exp", "sid"]},
        )
        return UUID(str(claims["sid"]))
    # JSON that is nested deeper than Python goes is a RecursionError.
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None


def read_cookie(request: Request, settings: AuthSettings) -> UUID | None:
    return opened(settings, request.cookies.get(cookie_name(settings), ""))


def set_cookie(
    request: Request, response: Response, settings: AuthSettings, login_id: UUID
) -> None:
    response.set_cookie(
        cookie_name(settings),
        sealed(settings, login_id),
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
