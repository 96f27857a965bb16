"""The codes of an authenticator app, and those that stand in for it."""

import base64
import hashlib
import secrets

import pyotp
from pyotp.exceptions import OTPVerificationError

from myapi.db.base import utc_now

RECOVERY_CODES = 10
TOLERANCE = 1  # time steps of 30 s, for clocks that differ and people who type


def step_of(secret: str, code: str) -> int | None:
    """The time step that the code belongs to, if it is one of about now."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=utc_now(), valid_window=TOLERANCE
        )
    except OTPVerificationError:
        return None


def create_recovery_codes() -> list[str]:
    """Of 80 random bits each, such as `k3qs-5wba-7jdm-x2ne`."""
    return [_create_recovery_code() for _ in range(RECOVERY_CODES)]


def _create_recovery_code() -> str:
    code = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def digest(recovery_code: str) -> bytes:
    """However it is typed: with dashes or blanks, in capitals or not."""
    plain = "".join(filter(str.isalnum, recovery_code)).lower()
    return hashlib.sha256(plain.encode()).digest()
