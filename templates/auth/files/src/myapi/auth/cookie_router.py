"""Logins of browsers: the tokens come and go as cookies, never in a body."""

from fastapi import APIRouter, Depends, Response, status

from myapi.auth import logins
from myapi.auth.cookies import RefreshCookie, clear_cookies, set_cookies
from myapi.auth.credentials import AuthenticatedUser
from myapi.auth.csrf import refuse_cross_site
from myapi.auth.deps import DeviceDep
from myapi.auth.events import AccountEventsDep
from myapi.auth.guard import public
from myapi.auth.settings import AuthSettingsDep
from myapi.db.deps import SessionDep

router = APIRouter(
    prefix="/cookie",
    dependencies=[Depends(refuse_cross_site)],
    default_response_class=Response,
)


@router.post("/login", status_code=status.HTTP_204_NO_CONTENT)
@public
async def cookie_login(
    response: Response,
    session: SessionDep,
    settings: AuthSettingsDep,
    events: AccountEventsDep,
    user: AuthenticatedUser,
    device: DeviceDep,
) -> None:
    tokens = await logins.log_in(session, events, user, device)
    set_cookies(response, settings, tokens)


@router.post("/refresh", status_code=status.HTTP_204_NO_CONTENT)
@public
async def cookie_refresh(
    response: Response,
    session: SessionDep,
    settings: AuthSettingsDep,
    events: AccountEventsDep,
    token: RefreshCookie,
) -> None:
    tokens = await logins.rotate(session, events, token)
    set_cookies(response, settings, tokens)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
@public
async def cookie_logout(
    response: Response,
    session: SessionDep,
    settings: AuthSettingsDep,
    token: RefreshCookie,
) -> None:
    await logins.log_out(session, token)
    clear_cookies(response, settings)
