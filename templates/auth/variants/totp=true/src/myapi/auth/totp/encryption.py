"""Secrets of authenticator apps, which the database holds encrypted.

Unlike a password, a secret has to be read again; so a copy of the database alone must
not be enough to make codes from it.
"""

from base64 import urlsafe_b64encode

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import derived_keys

log = structlog.get_logger(__name__)


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
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
