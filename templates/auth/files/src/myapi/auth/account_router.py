from fastapi import APIRouter, BackgroundTasks, Response, status
from sqlalchemy.exc import IntegrityError

from myapi.auth import accounts, queries
from myapi.auth.attempts import AttemptsDep
from myapi.auth.deps import CurrentUserId
from myapi.auth.email_tokens import (
    find_address,
    is_registered,
    issue,
    redeem,
    remember_registration,
)
from myapi.auth.errors import InvalidLinkError
from myapi.auth.events import AccountEventsDep
from myapi.auth.guard import public
from myapi.auth.models import Purpose, User
from myapi.auth.passwords import hash_password, queue
from myapi.auth.schemas import (
    EmailAddress,
    EmailChange,
    EmailConfirmation,
    PasswordChange,
    PasswordConfirmation,
    PasswordReset,
    UserCreate,
)
from myapi.auth.verifier import VerifierDep, lock_user
from myapi.db.deps import ReadSessionsDep, SessionDep, SessionsDep
from myapi.db.integrity import IN_USE, flush
from myapi.errors import ConflictError, problems

router = APIRouter()


@router.post("/users", status_code=status.HTTP_202_ACCEPTED, response_class=Response)
@public
async def register(session: SessionDep, verifier: VerifierDep, new: UserCreate) -> None:
    """The answer is the same if the address has an account: its owner gets mail."""
    settings, events = verifier.settings, verifier.events
    with queue.place():
        await verifier.attempts.count(new.email, Purpose.REGISTRATION)
        password_hash = await hash_password(new.password)
    user = User(email=new.email, password_hash=password_hash)
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError:
        owner = await accounts.find_user(session, new.email)
        if owner is None:  # deleted at this moment
            return
        if owner.is_active:
            await accounts.send_reset_link(session, events, owner, "account_exists")
        if not await is_registered(session, settings, new.email, new.password):
            # Of two people one does not own the address, and may have come first.
            await session.execute(queries.drop_unconfirmed_password(owner.id))
        await remember_registration(session, settings, owner, new)
    else:
        await accounts.send_verification_link(session, events, user)
        events.record("registered", user.id)
        await remember_registration(session, settings, user, new)


@router.post("/me/delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_me(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    body: PasswordConfirmation,
) -> None:
    verified = await verifier.verify_password(user_id, body.password)
    await session.delete(await lock_user(session, verified))
    await flush(session, broken=IN_USE)
    verifier.events.record("account_deleted", user_id)


@router.post("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    change: PasswordChange,
) -> None:
    """Ends all logins, this one too, and revokes all API keys."""
    verified = await verifier.verify_password(user_id, change.password)
    with queue.place():
        new_hash = await hash_password(change.new_password)
    user = await lock_user(session, verified)
    await accounts.set_password(session, verifier.events, user, new_hash)


@router.post("/me/email", status_code=status.HTTP_202_ACCEPTED, response_class=Response)
async def change_email(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    change: EmailChange,
) -> None:
    """Sends a link to the new address, which takes effect when it is confirmed."""
    verified = await verifier.verify_password(user_id, change.password)
    await verifier.attempts.count(change.email, Purpose.CHANGE_EMAIL)
    user = await lock_user(session, verified)
    if await accounts.find_user(session, change.email) is None:
        ttl = verifier.settings.verify_ttl
        token = await issue(session, user, Purpose.CHANGE_EMAIL, change.email, ttl)
        verifier.events.send_link(
            change.email, "change_email", "verify-email", token, account=user.email
        )


@router.post(
    "/email/verification", status_code=status.HTTP_202_ACCEPTED, response_class=Response
)
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


@router.post(
    "/email/verify", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404)
)
@public
async def verify_email(
    session: SessionDep, events: AccountEventsDep, body: EmailConfirmation
) -> None:
    """The first time, ends all logins: whoever registered need not own the address."""
    purposes = Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL
    found = await redeem(session, body.token, *purposes)
    user = await session.get_one(User, found.user_id)
    if found.purpose is Purpose.VERIFY_EMAIL and user.email != found.email:
        raise InvalidLinkError
    if user.email != found.email:
        # Links that were sent to the former address stop working.
        await session.execute(queries.forget_email_tokens(user.id))
        former = user.email
        try:
            async with session.begin_nested():
                user.email = found.email
        except IntegrityError as error:
            raise ConflictError("Another account uses this address.") from error
        events.email_changed(user, former)
    await accounts.confirm_email(session, events, user)


@router.post(
    "/password/forgotten", status_code=status.HTTP_202_ACCEPTED, response_class=Response
)
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


@router.post(
    "/password/reset", status_code=status.HTTP_204_NO_CONTENT, responses=problems(404)
)
@public
async def reset_password(
    session: SessionDep,
    read_sessions: ReadSessionsDep,
    attempts: AttemptsDep,
    events: AccountEventsDep,
    body: PasswordReset,
) -> None:
    """Ends all logins and revokes all API keys."""
    # Before Argon2, which takes no connection, and works for nobody without a link.
    with queue.place():
        async with read_sessions() as reading:
            email = await find_address(reading, body.token, Purpose.RESET_PASSWORD)
        await attempts.clear(email)  # guesses at the former password lock nobody out
        new_hash = await hash_password(body.new_password)
    token = await redeem(session, body.token, Purpose.RESET_PASSWORD)
    user = await session.get_one(User, token.user_id)
    if user.email != token.email or not user.is_active:
        raise InvalidLinkError
    await accounts.set_password(session, events, user, new_hash)
    await accounts.confirm_email(session, events, user)
