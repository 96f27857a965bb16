"""A user whom a provider vouches for, and who has to send a code yet."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from myapi.auth.cookies import clear_cookie, cookie_name, set_cookie
from myapi.auth.errors import UnauthorizedError
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.auth.tokens import SignedToken

COOKIE = "social-user"
LIFETIME = timedelta(minutes=5)


class PendingLogin(SignedToken):
    purpose = "social-code"

    sub: UUID


class NoPendingLoginError(UnauthorizedError):
    def __init__(self) -> None:
        super().__init__("No login is under way, or it took too long.")


def remember_user(response: Response, settings: AuthSettings, user: User) -> None:
    signed = PendingLogin(sub=user.id).signed(settings, LIFETIME)
    set_cookie(response, settings, COOKIE, signed, LIFETIME)


def forget_user(response: Response, settings: AuthSettings) -> None:
    clear_cookie(response, settings, COOKIE)


async def get_pending_user_id(request: Request, settings: AuthSettingsDep) -> UUID:
    cookie = request.cookies.get(cookie_name(settings, COOKIE), "")
    pending = PendingLogin.read(settings, cookie)
    if pending is None:
        raise NoPendingLoginError
    return pending.sub


PendingUserId = Annotated[UUID, Depends(get_pending_user_id)]
