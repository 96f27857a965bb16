"""What is remembered between the way to a provider and the way back, in a cookie."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from fastapi import Request, Response, status
from fastapi.responses import RedirectResponse
from pydantic import Field

from myapi.auth.cookies import clear_cookie, cookie_name, set_cookie
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import SignedToken

COOKIE = "social"
LIFETIME = timedelta(minutes=10)


def _random() -> str:
    return secrets.token_urlsafe(32)


class Flow(SignedToken):
    """One login at a provider: signed, and only in the browser that began it."""

    purpose = "social"

    provider: str
    state: str = Field(default_factory=_random)  # the callback answers this request
    nonce: str = Field(default_factory=_random)  # so does the ID token
    verifier: str = Field(default_factory=_random)  # PKCE: and only we take the code

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def read_flow(request: Request, settings: AuthSettings) -> Flow | None:
    return Flow.read(settings, request.cookies.get(cookie_name(settings, COOKIE), ""))


def redirect_to_provider(
    settings: AuthSettings, flow: Flow, url: str
) -> RedirectResponse:
    response = RedirectResponse(url, status.HTTP_303_SEE_OTHER)
    signed = flow.signed(settings, LIFETIME)
    # Lax: it has to come along from the provider's page.
    set_cookie(response, settings, COOKIE, signed, LIFETIME, "lax")
    return response


def forget_flow(response: Response, settings: AuthSettings) -> None:
    clear_cookie(response, settings, COOKIE)
