from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response, status

from myapi.auth.cookies import set_cookies
from myapi.auth.csrf import refuse_cross_site
from myapi.auth.deps import DeviceDep
from myapi.auth.guard import public
from myapi.auth.logins import log_in
from myapi.auth.models import User
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.social.pending_login import (
    NoPendingLoginError,
    PendingUserId,
    forget_user,
)
from myapi.auth.totp.verification import spend_code, verify_code
from myapi.auth.verifier import VerifierDep
from myapi.db.deps import SessionDep

router = APIRouter(
    prefix="/auth/social",
    tags=["auth"],
    dependencies=[Depends(refuse_cross_site)],
    default_response_class=Response,
)


@router.post("/code", status_code=status.HTTP_204_NO_CONTENT)
@public
async def finish_social_login_with_code(
    response: Response,
    session: SessionDep,
    settings: AuthSettingsDep,
    verifier: VerifierDep,
    user_id: PendingUserId,
    device: DeviceDep,
    code: Annotated[str, Form(max_length=100)],
) -> None:
    """The second half of a login at a provider, for who has an authenticator app."""
    verified = await verify_code(verifier, user_id, code)
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise NoPendingLoginError
    await spend_code(session, verified)
    tokens = await log_in(session, verifier.events, user, device)
    set_cookies(response, settings, tokens)
    forget_user(response, settings)
