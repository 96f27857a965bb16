"""Secrets of authenticator apps, which the database holds encrypted.

Unlike a password, a secret has to be read again; so a copy of the database alone must
not be enough to make codes from it.
"""

import hmac
from base64 import urlsafe_b64encode

import structlog
from cryptography.fernet import Fernet, InvalidToken

from myapi.auth.settings import AuthSettings

log = structlog.get_logger(__name__)


def encrypt(settings: AuthSettings, secret: str) -> bytes:
    return _cipher(settings).encrypt(secret.encode())


def decrypt(settings: AuthSettings, encrypted: bytes) -> str | None:
    """None when AUTH_SECRET_KEY is another one by now."""
    try:
        return _cipher(settings).decrypt(encrypted).decode()
    except InvalidToken:
        log.error("totp secret cannot be decrypted: was AUTH_SECRET_KEY changed?")  # noqa: TRY400
        return None


def _cipher(settings: AuthSettings) -> Fernet:
    secret = settings.secret_key.get_secret_value().encode()
    return Fernet(urlsafe_b64encode(hmac.digest(secret, b"totp", "sha256")))
