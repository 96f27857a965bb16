"""The codes of an authenticator app, and the recovery codes that stand in for them.

They are verified first, and then spent in the transaction of the request."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

import pyotp
import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pyotp.exceptions import OTPVerificationError

from myapi.auth.errors import UnauthorizedError
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import derived_keys
from myapi.auth.totp import queries
from myapi.auth.totp.models import TOTPSecret
from myapi.auth.verifier import Verifier
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession

log = structlog.get_logger(__name__)

RECOVERY_CODES = 10
TOLERANCE = 1  # time steps of 30 s, for clocks that differ and people who type


class CodeRequiredError(UnauthorizedError):
    """The password was right: ask for a code, and send both."""

    type = "urn:problem-type:code-required"
    title = "Code required"


class WrongCodeError(UnauthorizedError):
    type = "urn:problem-type:wrong-code"
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
        step = step_of(secret, code) if secret else None
        encrypted = encrypt(verifier.settings, secret) if secret else totp.encrypted
        digest = digest_of(code)
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


def step_of(secret: str, code: str) -> int | None:
    """The time step that the code belongs to, if it is one of about now."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=utc_now(), valid_window=TOLERANCE
        )
    except OTPVerificationError:
        return None


def new_recovery_code() -> str:
    """80 random bits, such as `k3qs-5wba-7jdm-x2ne`."""
    code = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digest_of(recovery_code: str) -> bytes:
    """However it is typed: with dashes or blanks, in capitals or not."""
    plain = "".join(filter(str.isalnum, recovery_code)).lower()
    return hashlib.sha256(plain.encode()).digest()


# The database holds the secrets encrypted: unlike a password, a secret has to be read
# again, and a copy of the database alone must not be enough to make codes from it.
def encrypt(settings: AuthSettings, secret: str) -> bytes:
    return _cipher(settings).encrypt(secret.encode())


def decrypt(settings: AuthSettings, encrypted: bytes) -> str | None:
    """None when its key is no longer in AUTH_SECRET_KEYS."""
    try:
        return _cipher(settings).decrypt(encrypted).decode()
    except InvalidToken:
        log.error("totp secret cannot be decrypted by any of AUTH_SECRET_KEYS")  # noqa: TRY400
        return None


def _cipher(settings: AuthSettings) -> MultiFernet:
    keys = derived_keys(settings, "totp")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
