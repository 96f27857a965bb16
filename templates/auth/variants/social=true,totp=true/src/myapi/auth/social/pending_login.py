"""The second step of a login at a provider: users with an authenticator app have to
send a code."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response, status

from myapi.auth.cookies import clear_cookie, cookie_name, set_cookie, set_cookies
from myapi.auth.csrf import refuse_cross_site
from myapi.auth.deps import DeviceDep
from myapi.auth.errors import UnauthorizedError
from myapi.auth.guard import public
from myapi.auth.logins import log_in
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.auth.tokens import SignedToken
from myapi.auth.totp.codes import spend_code, verify_code
from myapi.auth.verifier import VerifierDep
from myapi.db.deps import SessionDep
from myapi.errors import problems

COOKIE = "social-user"
LIFETIME = timedelta(minutes=5)

router = APIRouter(
    prefix="/auth/social",
    tags=["auth"],
    dependencies=[Depends(refuse_cross_site)],
    default_response_class=Response,
)


class PendingLogin(SignedToken):
    purpose = "social-code"

    sub: UUID  # the user


class NoPendingLoginError(UnauthorizedError):
    type = "urn:problem-type:no-pending-login"
    title = "No pending login"

    def __init__(self) -> None:
        super().__init__("The login at the provider has expired. Start again.")


def remember_user(response: Response, settings: AuthSettings, user: User) -> None:
    signed = PendingLogin(sub=user.id).signed(settings, LIFETIME)
    set_cookie(response, settings, COOKIE, signed, LIFETIME)


async def get_pending_user_id(request: Request, settings: AuthSettingsDep) -> UUID:
    cookie = request.cookies.get(cookie_name(settings, COOKIE), "")
    pending = PendingLogin.read(settings, cookie)
    if pending is None:
        raise NoPendingLoginError
    return pending.sub


@router.post(
    "/code", status_code=status.HTTP_204_NO_CONTENT, responses=problems(401, 403)
)
@public
async def finish_social_login_with_code(
    response: Response,
    session: SessionDep,
    verifier: VerifierDep,
    user_id: Annotated[UUID, Depends(get_pending_user_id)],
    device: DeviceDep,
    code: Annotated[str, Form(max_length=100)],
) -> None:
    """The second step of a login at a provider, for users with an authenticator app."""
    verified = await verify_code(verifier, user_id, code)
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise NoPendingLoginError
    await spend_code(session, verified)
    tokens = await log_in(session, verifier.events, user, device)
    set_cookies(response, verifier.settings, tokens)
    clear_cookie(response, verifier.settings, COOKIE)
