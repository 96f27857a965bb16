from fastapi import APIRouter, BackgroundTasks, status

from myapi.auth import accounts
from myapi.auth.attempts import AttemptsDep
from myapi.auth.deps import CurrentUser
from myapi.auth.guard import public
from myapi.auth.letters import LettersDep
from myapi.auth.models import User
from myapi.auth.schemas import (
    EmailAddress,
    EmailChange,
    EmailConfirmation,
    PasswordChange,
    PasswordConfirmation,
    PasswordReset,
    UserCreate,
    UserRead,
)
from myapi.auth.settings import AuthSettingsDep
from myapi.db.deps import SessionDep, SessionsDep

router = APIRouter()


@router.post("/users", status_code=status.HTTP_202_ACCEPTED)
@public
async def register(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    letters: LettersDep,
    new: UserCreate,
) -> None:
    """The answer is the same if the address has an account: its owner gets mail."""
    await accounts.register(session, settings, attempts, letters, new)


@router.get("/me", response_model=UserRead)
async def read_me(user: CurrentUser) -> User:
    return user


@router.post("/me/delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_me(
    session: SessionDep,
    attempts: AttemptsDep,
    user: CurrentUser,
    body: PasswordConfirmation,
) -> None:
    await accounts.delete_account(session, attempts, user, body.password)


@router.post("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    session: SessionDep,
    attempts: AttemptsDep,
    user: CurrentUser,
    change: PasswordChange,
) -> None:
    """Ends all logins, this one too."""
    await accounts.change_password(session, attempts, user, change)


@router.post("/me/email", status_code=status.HTTP_202_ACCEPTED)
async def change_email(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    letters: LettersDep,
    user: CurrentUser,
    change: EmailChange,
) -> None:
    """Sends a link to the new address, which takes effect when it is confirmed."""
    await accounts.change_email(session, settings, attempts, letters, user, change)


@router.post("/me/email/verification", status_code=status.HTTP_202_ACCEPTED)
async def send_verification(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    letters: LettersDep,
    user: CurrentUser,
) -> None:
    """Sends the link that confirms the address once more."""
    await accounts.send_verification(session, settings, attempts, letters, user)


@router.post("/email/verify", status_code=status.HTTP_204_NO_CONTENT)
@public
async def verify_email(session: SessionDep, body: EmailConfirmation) -> None:
    await accounts.verify_email(session, body.token)


@router.post("/password/forgotten", status_code=status.HTTP_202_ACCEPTED)
@public
async def forget_password(
    sessions: SessionsDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    letters: LettersDep,
    background: BackgroundTasks,
    body: EmailAddress,
) -> None:
    """Sends a link to the address, if it has an account."""
    await attempts.count(body.email)
    background.add_task(accounts.send_reset, sessions, settings, letters, body.email)


@router.post("/password/reset", status_code=status.HTTP_204_NO_CONTENT)
@public
async def reset_password(session: SessionDep, body: PasswordReset) -> None:
    """Ends all logins."""
    await accounts.reset_password(session, body)
