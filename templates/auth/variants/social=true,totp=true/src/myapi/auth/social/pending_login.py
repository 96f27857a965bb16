"""A user whom a provider vouches for, and who has to send a code yet."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from myapi.auth.errors import UnauthorizedError
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.auth.social.browser import cookie_path
from myapi.auth.tokens import SignedToken

LIFETIME = timedelta(minutes=5)


class PendingLogin(SignedToken):
    purpose = "social-code"

    sub: UUID


class NoPendingLoginError(UnauthorizedError):
    def __init__(self) -> None:
        super().__init__("No login is under way, or it took too long.")


def cookie_name(settings: AuthSettings) -> str:
    return "__Secure-social-user" if settings.cookie_secure else "social-user"


def remember_user(
    request: Request, response: Response, settings: AuthSettings, user: User
) -> None:
    response.set_cookie(
        cookie_name(settings),
        PendingLogin(sub=user.id).signed(settings, LIFETIME),
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
    cookie = request.cookies.get(cookie_name(settings), "")
    pending = PendingLogin.read(settings, cookie)
    if pending is None:
        raise NoPendingLoginError
    return pending.sub


PendingUserId = Annotated[UUID, Depends(get_pending_user_id)]
