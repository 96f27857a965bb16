import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import jwt

from myapi.auth.settings import AuthSettings

_ALGORITHM = "HS256"
_AUDIENCE = "myapi:access"


@dataclass(frozen=True)
class AccessToken:
    user_id: UUID
    login_id: UUID


def create_access_token(settings: AuthSettings, user_id: UUID, login_id: UUID) -> str:
    claims = {
        "sub": str(user_id),
        "sid": str(login_id),
        "aud": _AUDIENCE,
        "exp": datetime.now(UTC) + settings.access_ttl,
    }
    return jwt.encode(claims, settings.secret_key.get_secret_value(), _ALGORITHM)


def read_access_token(settings: AuthSettings, token: str) -> AccessToken | None:
    try:
        claims = jwt.decode(
            token,
            settings.secret_key.get_secret_value(),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["aud", "exp", "sid", "sub"]},
        )
        return AccessToken(UUID(claims["sub"]), UUID(str(claims["sid"])))
    # JSON that is nested deeper than Python goes is a RecursionError.
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None


def create_secret() -> tuple[str, bytes]:
    """A random token for the client, and its digest for the database."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
