"""What is remembered between the way to a provider and the way back."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Self

import jwt
from pydantic import BaseModel, Field, ValidationError

from myapi.auth.settings import AuthSettings

LIFETIME = timedelta(minutes=10)

_ALGORITHM = "HS256"
_AUDIENCE = "myapi:social"


def _random() -> str:
    return secrets.token_urlsafe(32)


class Flow(BaseModel):
    """One login under way: in a signed cookie, so only in the browser that began it."""

    provider: str
    state: str = Field(default_factory=_random)  # the callback answers this request
    nonce: str = Field(default_factory=_random)  # so does the ID token
    verifier: str = Field(default_factory=_random)  # PKCE: and only we take the code

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def signed(self, settings: AuthSettings) -> str:
        claims = {"aud": _AUDIENCE, "exp": datetime.now(UTC) + LIFETIME}
        key = settings.secret_key.get_secret_value()
        return jwt.encode({**self.model_dump(), **claims}, key, _ALGORITHM)

    @classmethod
    def read(cls, settings: AuthSettings, cookie: str) -> Self | None:
        """The flow of a cookie that we signed a short time ago."""
        try:
            claims = jwt.decode(
                cookie,
                settings.secret_key.get_secret_value(),
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["aud", "exp"]},
            )
            return cls.model_validate(claims)
        except (jwt.InvalidTokenError, ValidationError, RecursionError):
            return None
