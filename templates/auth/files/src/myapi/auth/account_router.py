from fastapi import APIRouter, BackgroundTasks, status

from myapi.auth import accounts
from myapi.auth.attempts import AttemptsDep
from myapi.auth.deps import CurrentUserId
from myapi.auth.events import AccountEventsDep
from myapi.auth.guard import public
from myapi.auth.models import Purpose
from myapi.auth.schemas import (
    EmailAddress,
    EmailChange,
    EmailConfirmation,
    PasswordChange,
    PasswordConfirmation,
    PasswordReset,
    UserCreate,
)
from myapi.auth.verifier import VerifierDep
from myapi.db.deps import ReadSessionsDep, SessionDep, SessionsDep

router = APIRouter()


@router.post("/users", status_code=status.HTTP_202_ACCEPTED)
@public
async def register(
    session: SessionDep, verifier: VerifierDep, new: UserCreate
) -> None:
    """The answer is the same if the address has an account: its owner gets mail."""
    await accounts.register(session, verifier, new)


@router.post("/me/delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_me(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    body: PasswordConfirmation,
) -> None:
    await accounts.delete_account(session, verifier, user_id, body.password)


@router.post("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    change: PasswordChange,
) -> None:
    """Ends all logins, this one too, and revokes all API keys."""
    await accounts.change_password(session, verifier, user_id, change)


@router.post("/me/email", status_code=status.HTTP_202_ACCEPTED)
async def change_email(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    change: EmailChange,
) -> None:
    """Sends a link to the new address, which takes effect when it is confirmed."""
    await accounts.change_email(session, verifier, user_id, change)


@router.post("/email/verification", status_code=status.HTTP_202_ACCEPTED)
@public
async def send_verification(
    sessions: SessionsDep,
    attempts: AttemptsDep,
    events: AccountEventsDep,
    background: BackgroundTasks,
    body: EmailAddress,
) -> None:
    """Sends the link that confirms the address again, if an account waits for it."""
    await attempts.count(body.email, Purpose.VERIFY_EMAIL)
    background.add_task(accounts.send_verification, sessions, events, body.email)


@router.post("/email/verify", status_code=status.HTTP_204_NO_CONTENT)
@public
async def verify_email(
    session: SessionDep, events: AccountEventsDep, body: EmailConfirmation
) -> None:
    """The first time, ends all logins: whoever registered need not own the address."""
    await accounts.verify_email(session, events, body.token)


@router.post("/password/forgotten", status_code=status.HTTP_202_ACCEPTED)
@public
async def forget_password(
    sessions: SessionsDep,
    attempts: AttemptsDep,
    events: AccountEventsDep,
    background: BackgroundTasks,
    body: EmailAddress,
) -> None:
    """Sends a link to the address, if it has an account."""
    await attempts.count(body.email, Purpose.RESET_PASSWORD)
    background.add_task(accounts.send_reset, sessions, events, body.email)


@router.post("/password/reset", status_code=status.HTTP_204_NO_CONTENT)
@public
async def reset_password(
    session: SessionDep,
    read_sessions: ReadSessionsDep,
    attempts: AttemptsDep,
    events: AccountEventsDep,
    body: PasswordReset,
) -> None:
    """Ends all logins and revokes all API keys."""
    await accounts.reset_password(session, read_sessions, attempts, events, body)
