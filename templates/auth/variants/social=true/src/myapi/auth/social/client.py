"""Requests to providers, and the error when one fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from http import HTTPStatus
from typing import Annotated, Any

import httpx
import structlog
from httpx_oauth.oauth2 import BaseOAuth2, OAuth2ClientAuthMethod
from pydantic import BaseModel, SecretStr, StringConstraints

from myapi.auth.schemas import Email
from myapi.errors import AppError

log = structlog.get_logger(__name__)

TIMEOUT = 10.0  # seconds, for all that one login asks of a provider


class Profile(BaseModel):
    """Who somebody is, in the words of a provider."""

    # At most 255 characters of ASCII, says OpenID Connect.
    subject: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,255}$")]
    email: Email | None = None
    email_verified: bool = False


class ProviderError(AppError):
    """The provider is down, or what it says cannot be used."""

    status = HTTPStatus.BAD_GATEWAY
    type = "urn:problem-type:provider-failed"
    title = "Provider failed"


class OAuth2Client(BaseOAuth2[dict[str, Any]]):
    """httpx-oauth's client, over connections with the time limits of ours."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        client_id: str,
        client_secret: SecretStr,
        authorize_endpoint: str,
        token_endpoint: str,
        scopes: list[str],
        auth_method: OAuth2ClientAuthMethod = "client_secret_post",
    ) -> None:
        super().__init__(
            client_id,
            client_secret.get_secret_value(),
            authorize_endpoint,
            token_endpoint,
            base_scopes=scopes,
            token_endpoint_auth_method=auth_method,
        )
        self.http = http

    def get_httpx_client(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        return nullcontext(self.http)


@asynccontextmanager
async def asking(provider: str) -> AsyncIterator[None]:
    """Whatever a provider does wrong is one error, and the log says which."""
    try:
        async with asyncio.timeout(TIMEOUT):
            yield
    except Exception as error:  # it may answer anything, or nothing
        log.warning("provider failed", provider=provider, exc_info=True)
        raise ProviderError(f"The login at {provider} failed. Try again.") from error


async def get_json(
    http: httpx.AsyncClient, url: str, access_token: str | None = None
) -> object:
    headers = {"Accept": "application/json"}
    if access_token is not None:
        headers["Authorization"] = f"Bearer {access_token}"
    response = await http.get(url, headers=headers)
    response.raise_for_status()
    answer: object = response.json()
    return answer
