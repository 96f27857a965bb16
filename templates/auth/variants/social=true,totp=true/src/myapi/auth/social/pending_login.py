"""A user whom a provider vouches for, and who has to send a code yet."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, Request, Response

from myapi.auth.errors import UnauthorizedError
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.auth.social.browser import cookie_path

LIFETIME = timedelta(minutes=5)

_ALGORITHM = "HS256"
_AUDIENCE = "myapi:social:code"


class NoPendingLoginError(UnauthorizedError):
    def __init__(self) -> None:
        super().__init__("No login is under way, or it took too long.")


def cookie_name(settings: AuthSettings) -> str:
    return "__Secure-social-user" if settings.cookie_secure else "social-user"


def remember_user(
    request: Request, response: Response, settings: AuthSettings, user: User
) -> None:
    claims = {
        "sub": str(user.id),
        "aud": _AUDIENCE,
        "exp": datetime.now(UTC) + LIFETIME,
    }
    key = settings.secret_key.get_secret_value()
    response.set_cookie(
        cookie_name(settings),
        jwt.encode(claims, key, _ALGORITHM),
        max_age=int(LIFETIME.total_seconds()),
        path=cookie_path(request),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )


def forget_user(request: Request, response: Response, settings: AuthSettings) -> None:
    response.delete_cookie(
        cookie_name(settings),
        cookie_path(request),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )


async def get_pending_user_id(request: Request, settings: AuthSettingsDep) -> UUID:
    user_id = read_user_id(settings, request.cookies.get(cookie_name(settings), ""))
    if user_id is None:
        raise NoPendingLoginError
    return user_id


PendingUserId = Annotated[UUID, Depends(get_pending_user_id)]


def read_user_id(settings: AuthSettings, cookie: str) -> UUID | None:
    try:
        claims = jwt.decode(
            cookie,
            settings.secret_key.get_secret_value(),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["aud", "exp", "sub"]},
        )
        return UUID(claims["sub"])
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None
