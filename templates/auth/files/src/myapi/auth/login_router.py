from uuid import UUID

from fastapi import APIRouter, status

from myapi.auth import logins
from myapi.auth.credentials import AuthenticatedUser
from myapi.auth.deps import CurrentUserId, DeviceDep
from myapi.auth.events import AccountEventsDep
from myapi.auth.guard import public
from myapi.auth.schemas import LoginPage, Refresh, Tokens
from myapi.auth.settings import AuthSettingsDep
from myapi.db.deps import ReadSessionDep, SessionDep
from myapi.pagination import PageDep

router = APIRouter()


@router.post("/login")
@public
async def login(
    session: SessionDep,
    events: AccountEventsDep,
    user: AuthenticatedUser,
    device: DeviceDep,
) -> Tokens:
    return await logins.log_in(session, events, user, device)


@router.post("/refresh")
@public
async def refresh(
    session: SessionDep, events: AccountEventsDep, body: Refresh
) -> Tokens:
    return await logins.rotate(session, events, body.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
@public
async def logout(session: SessionDep, body: Refresh) -> None:
    await logins.log_out(session, body.refresh_token)


@router.get("/logins")
async def list_logins(
    session: ReadSessionDep,
    settings: AuthSettingsDep,
    user_id: CurrentUserId,
    query: PageDep,
) -> LoginPage:
    return await logins.list_logins(session, settings, user_id, query)


@router.delete("/logins", status_code=status.HTTP_204_NO_CONTENT)
async def end_logins(
    session: SessionDep, events: AccountEventsDep, user_id: CurrentUserId
) -> None:
    """Logs out everywhere."""
    await logins.end_logins(session, user_id)
    events.record("logins_ended", user_id)


@router.delete("/logins/{login_id:uuid}", status_code=status.HTTP_204_NO_CONTENT)
async def end_login(
    session: SessionDep, user_id: CurrentUserId, login_id: UUID
) -> None:
    await logins.end_login(session, user_id, login_id)
