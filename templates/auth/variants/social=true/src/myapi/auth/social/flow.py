"""What is remembered between the way to a provider and the way back."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from pydantic import Field

from myapi.auth.tokens import SignedToken

LIFETIME = timedelta(minutes=10)


def _random() -> str:
    return secrets.token_urlsafe(32)


class Flow(SignedToken):
    """One login under way: in a signed cookie, so only in the browser that began it."""

    purpose = "social"

    provider: str
    state: str = Field(default_factory=_random)  # the callback answers this request
    nonce: str = Field(default_factory=_random)  # so does the ID token
    verifier: str = Field(default_factory=_random)  # PKCE: and only we take the code

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
