from sqlalchemy.exc import IntegrityError

from myapi.auth import queries
from myapi.auth.attempts import Attempts
from myapi.auth.email_tokens import issue, redeem
from myapi.auth.errors import ForbiddenError, InvalidLinkError, UnauthorizedError
from myapi.auth.letters import Letters
from myapi.auth.models import User
from myapi.auth.passwords import hash_password, queue, verify_password
from myapi.auth.purposes import Purpose
from myapi.auth.schemas import EmailChange, PasswordChange, PasswordReset, UserCreate
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession, Sessions
from myapi.errors import ConflictError


async def register(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    letters: Letters,
    new: UserCreate,
) -> None:
    """Whether there is an account, its owner learns by mail, and nobody else."""
    with queue.place():
        await attempts.count(new.email)
        password_hash = await hash_password(new.password)
    user = User(email=new.email, password_hash=password_hash)
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError:
        await tell_owner(session, settings, letters, new.email)
    else:
        token = await issue(
            session, user, Purpose.VERIFY_EMAIL, user.email, settings.verify_ttl
        )
        letters.verify_email(user.email, token)


async def tell_owner(
    session: AsyncSession, settings: AuthSettings, letters: Letters, email: str
) -> None:
    user = await find_user(session, email)
    if user is not None and user.is_active:
        token = await issue(
            session, user, Purpose.RESET_PASSWORD, user.email, settings.reset_ttl
        )
        letters.account_exists(user.email, token)


async def find_user(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(queries.user_by_email(email.lower()))


async def authenticate(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    email: str,
    password: str,
) -> User:
    """The user that has this password."""
    async with attempts.at(email):
        user = await find_user(session, email)
        await session.commit()  # of nothing: frees the connection while Argon2 works
        stored = user.password_hash if user else None
        ok, new_hash = await verify_password(password, stored)
        if user is None or not ok or not may_log_in(settings, user):
            raise UnauthorizedError("Wrong email or password.")
        if new_hash:
            user.password_hash = new_hash
    return user


def may_log_in(settings: AuthSettings, user: User) -> bool:
    verified = user.email_verified_at is not None
    return user.is_active and (verified or not settings.verified_only)


async def confirm_password(
    session: AsyncSession, attempts: Attempts, user: User, password: str
) -> None:
    """Whoever holds a login for a moment does not get the account with it."""
    await session.commit()  # as above
    async with attempts.at(user.email):
        ok, _ = await verify_password(password, user.password_hash)
        if not ok:
            raise ForbiddenError("The password is wrong.")


async def change_password(
    session: AsyncSession, attempts: Attempts, user: User, change: PasswordChange
) -> None:
    await confirm_password(session, attempts, user, change.password)
    await set_password(session, user, change.new_password)


async def set_password(session: AsyncSession, user: User, password: str) -> None:
    """Whatever the old one led to ends with it: logins, and links in mails."""
    user.password_hash = await hash_password(password)
    await session.scalars(queries.end_logins(user.id, utc_now()))
    await session.scalars(queries.forget_email_tokens(user.id))
    await session.flush()


async def send_reset(
    sessions: Sessions, settings: AuthSettings, letters: Letters, email: str
) -> None:
    """After the response, which is so the same for everybody, and as fast."""
    async with sessions() as session:
        user = await find_user(session, email)
        if user is not None and user.is_active:
            token = await issue(
                session, user, Purpose.RESET_PASSWORD, user.email, settings.reset_ttl
            )
            await session.commit()
            letters.reset_password(user.email, token)


async def reset_password(session: AsyncSession, reset: PasswordReset) -> None:
    token = await redeem(session, reset.token, Purpose.RESET_PASSWORD)
    user = await session.get_one(User, token.user_id)
    if user.email != token.email or not user.is_active:
        raise InvalidLinkError
    await set_password(session, user, reset.new_password)
    user.email_verified_at = user.email_verified_at or utc_now()


async def send_verification(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    letters: Letters,
    user: User,
) -> None:
    await session.commit()  # as above
    await attempts.count(user.email)
    if user.email_verified_at is not None:
        return
    token = await issue(
        session, user, Purpose.VERIFY_EMAIL, user.email, settings.verify_ttl
    )
    letters.verify_email(user.email, token)


async def change_email(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    letters: Letters,
    user: User,
    change: EmailChange,
) -> None:
    """It changes when the new address is confirmed."""
    await confirm_password(session, attempts, user, change.password)
    await attempts.count(change.email)
    if await find_user(session, change.email) is None:
        token = await issue(
            session, user, Purpose.CHANGE_EMAIL, change.email, settings.verify_ttl
        )
        letters.verify_email(change.email, token)


async def verify_email(session: AsyncSession, token: str) -> None:
    found = await redeem(session, token, Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL)
    user = await session.get_one(User, found.user_id)
    if found.purpose is Purpose.VERIFY_EMAIL and user.email != found.email:
        raise InvalidLinkError
    if user.email != found.email:
        # Links that went to the former address lead nowhere any more.
        await session.scalars(queries.forget_email_tokens(user.id))
    try:
        async with session.begin_nested():
            user.email = found.email
            user.email_verified_at = utc_now()
    except IntegrityError as error:
        raise ConflictError("This address has an account of its own.") from error


async def delete_account(
    session: AsyncSession, attempts: Attempts, user: User, password: str
) -> None:
    await confirm_password(session, attempts, user, password)
    await session.delete(user)
    await session.flush()
