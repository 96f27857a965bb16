"""Codes are verified first, and then spent in the transaction of the request."""

from dataclasses import dataclass
from uuid import UUID

from myapi.auth.errors import UnauthorizedError
from myapi.auth.totp import codes, queries
from myapi.auth.totp.encryption import decrypt, encrypt
from myapi.auth.totp.models import TOTPSecret
from myapi.auth.verifier import Verifier
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession


class CodeRequiredError(UnauthorizedError):
    """The password was right: ask for a code, and send both."""

    title = "Code required"


class WrongCodeError(UnauthorizedError):
    title = "Wrong code"

    def __init__(self) -> None:
        super().__init__("The code is wrong, or was used before.")


@dataclass(frozen=True)
class VerifiedCode:
    totp_id: UUID
    user_id: UUID
    step: int | None  # None: a recovery code
    digest: bytes
    encrypted: bytes  # the secret, by the newest of the secret keys


async def find_totp(session: ReadSession, user_id: UUID) -> TOTPSecret | None:
    return await session.scalar(queries.totp_of(user_id))


async def is_enabled(session: ReadSession, user_id: UUID) -> bool:
    totp = await find_totp(session, user_id)
    return totp is not None and totp.confirmed_at is not None


async def verify_code(
    verifier: Verifier, user_id: UUID, code: str
) -> VerifiedCode | None:
    """None for a user who has not set up an app."""
    async with verifier.read_sessions() as session:
        totp = await find_totp(session, user_id)
    if totp is None or totp.confirmed_at is None:
        return None
    if not code:
        raise CodeRequiredError("Send a code of your app, or a recovery code, as well.")
    return await verify_code_of(verifier, totp, code)


async def verify_code_of(
    verifier: Verifier, totp: TOTPSecret, code: str
) -> VerifiedCode:
    async with verifier.attempts.at_code(totp.user_id):
        secret = decrypt(verifier.settings, totp.encrypted)
        step = codes.step_of(secret, code) if secret else None
        encrypted = encrypt(verifier.settings, secret) if secret else totp.encrypted
        digest = codes.digest(code)
        if step is None:
            known = queries.recovery_code(totp.user_id, digest)
            async with verifier.read_sessions() as session:
                ok = await session.scalar(known) is not None
        else:
            ok = totp.last_step < step
        if not ok:
            verifier.events.record("login_failed", totp.user_id, reason="code")
            raise WrongCodeError
    return VerifiedCode(totp.id, totp.user_id, step, digest, encrypted)


async def spend_code(session: AsyncSession, code: VerifiedCode | None) -> None:
    """The statement is the lock: of many requests with one code a single one wins."""
    if code is None:
        return
    spent = await session.scalar(
        queries.spend_recovery_code(code.user_id, code.digest)
        if code.step is None
        else queries.spend_step(code.totp_id, code.step, code.encrypted)
    )
    if spent is None:
        raise WrongCodeError
