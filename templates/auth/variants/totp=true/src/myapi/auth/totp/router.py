from fastapi import APIRouter, Depends, status

from myapi.auth.attempts import AttemptsDep
from myapi.auth.deps import CurrentUser, forbid_caching
from myapi.auth.schemas import PasswordConfirmation
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.totp import service
from myapi.auth.totp.schemas import (
    RecoveryCodes,
    TOTPCode,
    TOTPEnrolment,
    TOTPRemoval,
    TOTPStatus,
)
from myapi.db.deps import SessionDep

router = APIRouter(
    prefix="/auth/totp", tags=["auth"], dependencies=[Depends(forbid_caching)]
)


@router.get("")
async def read_totp(session: SessionDep, user: CurrentUser) -> TOTPStatus:
    return await service.read_status(session, user)


@router.post("", status_code=status.HTTP_201_CREATED)
async def enrol_totp(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    user: CurrentUser,
    body: PasswordConfirmation,
) -> TOTPEnrolment:
    """Logins go on without a code until a first one is confirmed."""
    return await service.enrol(session, settings, attempts, user, body.password)


@router.post("/confirm")
async def confirm_totp(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    user: CurrentUser,
    body: TOTPCode,
) -> RecoveryCodes:
    """From here on, logins need a code. Keep the recovery codes: they come once."""
    return await service.confirm(session, settings, attempts, user, body.code)


@router.post("/disable", status_code=status.HTTP_204_NO_CONTENT)
async def disable_totp(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    user: CurrentUser,
    body: TOTPRemoval,
) -> None:
    await service.disable(session, settings, attempts, user, body)
