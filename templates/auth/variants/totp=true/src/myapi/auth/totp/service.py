import pyotp
from sqlalchemy.exc import IntegrityError

from myapi.auth.accounts import confirm_password
from myapi.auth.attempts import Attempts
from myapi.auth.errors import UnauthorizedError
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.auth.totp import codes, queries
from myapi.auth.totp.encryption import decrypt, encrypt
from myapi.auth.totp.models import RecoveryCode, TOTPSecret
from myapi.auth.totp.schemas import (
    RecoveryCodes,
    TOTPEnrolment,
    TOTPRemoval,
    TOTPStatus,
)
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError

ISSUER = "myapi"  # what the app shows beside the address


class CodeRequiredError(UnauthorizedError):
    """The password was right: ask for a code, and send both."""

    title = "Code required"


class WrongCodeError(UnauthorizedError):
    title = "Wrong code"


async def read_status(session: AsyncSession, user: User) -> TOTPStatus:
    left = await session.scalar(queries.number_of_recovery_codes(user.id))
    enabled = await confirmed_totp(session, user) is not None
    return TOTPStatus(enabled=enabled, recovery_codes=left or 0)


async def confirmed_totp(session: AsyncSession, user: User) -> TOTPSecret | None:
    totp = await session.scalar(queries.totp_of(user.id))
    return totp if totp is not None and totp.confirmed_at is not None else None


async def enrol(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    user: User,
    password: str,
) -> TOTPEnrolment:
    """A new secret, which counts from the moment that a code of it is sent."""
    await confirm_password(session, attempts, user, password)
    secret = pyotp.random_base32()
    await session.scalars(queries.drop_unconfirmed_totp(user.id))
    try:
        async with session.begin_nested():
            session.add(
                TOTPSecret(user_id=user.id, encrypted=encrypt(settings, secret))
            )
    except IntegrityError as error:
        raise ConflictError("An app is set up already: disable it first.") from error
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return TOTPEnrolment(secret=secret, uri=uri)


async def confirm(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    user: User,
    code: str,
) -> RecoveryCodes:
    totp = await session.scalar(queries.totp_of(user.id))
    if totp is None or totp.confirmed_at is not None:
        raise ConflictError("There is nothing to confirm: set an app up first.")
    await spend(session, settings, attempts, totp, code)
    totp.confirmed_at = utc_now()
    created = codes.create_recovery_codes()
    session.add_all(
        RecoveryCode(user_id=user.id, digest=codes.digest(code)) for code in created
    )
    await session.flush()
    return RecoveryCodes(recovery_codes=created)


async def disable(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    user: User,
    removal: TOTPRemoval,
) -> None:
    await confirm_password(session, attempts, user, removal.password)
    totp = await confirmed_totp(session, user)
    if totp is None:
        raise ConflictError("No app is set up.")
    await spend(session, settings, attempts, totp, removal.code)
    await session.scalars(queries.drop_totp(user.id))
    await session.scalars(queries.drop_recovery_codes(user.id))


async def check_code(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    user: User,
    code: str,
) -> None:
    """Of a user who has set an app up, the code has to be right as well."""
    totp = await confirmed_totp(session, user)
    if totp is None:
        return
    if not code:
        raise CodeRequiredError("Send a code of your app, or a recovery code, as well.")
    await spend(session, settings, attempts, totp, code)


async def spend(
    session: AsyncSession,
    settings: AuthSettings,
    attempts: Attempts,
    totp: TOTPSecret,
    code: str,
) -> None:
    """The statements are the lock: of many requests with one code a single one wins."""
    await session.commit()  # of nothing: on SQLite, a reader may not come to write
    async with attempts.at_code(totp.user_id):
        secret = decrypt(settings, totp.encrypted)
        step = codes.step_of(secret, code) if secret else None
        spent = await session.scalar(
            queries.spend_recovery_code(totp.user_id, codes.digest(code))
            if step is None
            else queries.spend_step(totp.id, step)
        )
        if spent is None:
            raise WrongCodeError("The code is wrong, or was used before.")
        await session.commit()  # a code is used once, whatever becomes of the request
