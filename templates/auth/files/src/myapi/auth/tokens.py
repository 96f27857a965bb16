"""Tokens of clients: random ones, which the database knows by their digest, and signed
ones. Each purpose has a key of its own, derived from AUTH_SECRET_KEYS."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID

import jwt
from pydantic import BaseModel, ValidationError

from myapi.auth.settings import AuthSettings

_ALGORITHM = "HS256"
_ISSUER = "myapi"


def derived_keys(settings: AuthSettings, purpose: str) -> list[bytes]:
    """One of each secret key, the newest first."""
    info = f"{_ISSUER}:{purpose}".encode()
    return [
        hmac.digest(key.get_secret_value().encode(), info, "sha256")
        for key in settings.secret_keys
    ]


class SignedToken(BaseModel):
    """Claims of a JWT, which holds for one purpose."""

    purpose: ClassVar[str]

    def signed(self, settings: AuthSettings, ttl: timedelta) -> str:
        key = derived_keys(settings, self.purpose)[0]
        now = datetime.now(UTC)
        claims = {
            **self.model_dump(mode="json"),
            "iss": _ISSUER,
            "aud": f"{_ISSUER}:{self.purpose}",
            "iat": now,
            "exp": now + ttl,
        }
        return jwt.encode(claims, key, _ALGORITHM, headers={"kid": _key_id(key)})

    @classmethod
    def read(cls, settings: AuthSettings, token: str) -> Self | None:
        """None for a token that we did not sign, or not for this, or that expired."""
        keys = {_key_id(key): key for key in derived_keys(settings, cls.purpose)}
        try:
            kid = jwt.get_unverified_header(token).get("kid", "")
            if kid not in keys:
                return None
            claims = jwt.decode(
                token,
                keys[kid],
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                audience=f"{_ISSUER}:{cls.purpose}",
                # The clocks of two processes differ.
                options={"require": ["aud", "exp", "iss"], "verify_iat": False},
            )
            return cls.model_validate(claims)
        # JSON that is nested deeper than Python goes is a RecursionError.
        except (jwt.InvalidTokenError, ValidationError, RecursionError):
            return None


class AccessToken(SignedToken):
    purpose = "access"

    sub: UUID  # the user
    sid: UUID  # the login


def create_secret() -> tuple[str, bytes]:
    """A random token for the client, and its digest for the database."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]
