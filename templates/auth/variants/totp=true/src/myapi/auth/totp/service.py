from uuid import UUID

import pyotp
from sqlalchemy.exc import IntegrityError

from myapi.auth.errors import UnconfirmedEmailError
from myapi.auth.models import User
from myapi.auth.totp import codes, queries
from myapi.auth.totp.encryption import encrypt
from myapi.auth.totp.models import RecoveryCode, TOTPSecret
from myapi.auth.totp.schemas import (
    PasswordAndCode,
    RecoveryCodes,
    TOTPEnrolment,
    TOTPStatus,
)
from myapi.auth.totp.verification import (
    find_totp,
    is_enabled,
    spend_code,
    verify_code,
    verify_code_of,
)
from myapi.auth.verifier import Verifier, lock_user
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession
from myapi.errors import ConflictError

ISSUER = "myapi"  # what the app shows beside the address


async def read_status(session: ReadSession, user_id: UUID) -> TOTPStatus:
    left = await session.scalar(queries.number_of_recovery_codes(user_id))
    enabled = await is_enabled(session, user_id)
    return TOTPStatus(enabled=enabled, recovery_codes=left or 0)


async def enrol(
    session: AsyncSession, verifier: Verifier, user_id: UUID, password: str
) -> TOTPEnrolment:
    """A new secret, which counts from the moment that a code of it is sent."""
    verified = await verifier.verify_password(user_id, password)
    user = await lock_user(session, verified)
    if user.email_verified_at is None:
        raise UnconfirmedEmailError
    secret = pyotp.random_base32()
    encrypted = encrypt(verifier.settings, secret)
    await session.execute(queries.drop_unconfirmed_totp(user.id))
    try:
        async with session.begin_nested():
            session.add(TOTPSecret(user_id=user.id, encrypted=encrypted))
    except IntegrityError as error:
        raise ConflictError("An app is set up already: disable it first.") from error
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return TOTPEnrolment(secret=secret, uri=uri)


async def confirm(
    session: AsyncSession, verifier: Verifier, user_id: UUID, code: str
) -> RecoveryCodes:
    async with verifier.read_sessions() as reading:
        totp = await find_totp(reading, user_id)
    if totp is None or totp.confirmed_at is not None:
        raise ConflictError("There is nothing to confirm: set an app up first.")
    await spend_code(session, await verify_code_of(verifier, totp, code))
    stored = await session.get_one(TOTPSecret, totp.id)
    stored.confirmed_at = utc_now()
    user = await session.get_one(User, user_id)
    text = "Logins need a code of an authenticator app from now on."
    verifier.events.record("totp_enabled", user.id)
    verifier.events.notify(user.email, "Authenticator app set up", text)
    return await create_recovery_codes(session, user_id)


async def create_recovery_codes(session: AsyncSession, user_id: UUID) -> RecoveryCodes:
    """New ones in place of all that there are."""
    await session.execute(queries.drop_recovery_codes(user_id))
    created = codes.create_recovery_codes()
    session.add_all(
        RecoveryCode(user_id=user_id, digest=codes.digest(code)) for code in created
    )
    await session.flush()
    return RecoveryCodes(recovery_codes=created)


async def renew_recovery_codes(
    session: AsyncSession, verifier: Verifier, user_id: UUID, body: PasswordAndCode
) -> RecoveryCodes:
    user = await lock_user_with_app(session, verifier, user_id, body)
    verifier.events.record("recovery_codes_renewed", user.id)
    return await create_recovery_codes(session, user.id)


async def disable(
    session: AsyncSession, verifier: Verifier, user_id: UUID, body: PasswordAndCode
) -> None:
    user = await lock_user_with_app(session, verifier, user_id, body)
    await session.execute(queries.drop_totp(user.id))
    await session.execute(queries.drop_recovery_codes(user.id))
    text = "Logins need no code of an authenticator app any more."
    verifier.events.record("totp_disabled", user.id)
    verifier.events.notify(user.email, "Authenticator app removed", text)


async def lock_user_with_app(
    session: AsyncSession, verifier: Verifier, user_id: UUID, body: PasswordAndCode
) -> User:
    verified = await verifier.verify_password(user_id, body.password)
    code = await verify_code(verifier, user_id, body.code)
    if code is None:
        raise ConflictError("No app is set up.")
    user = await lock_user(session, verified)
    await spend_code(session, code)
    return user
