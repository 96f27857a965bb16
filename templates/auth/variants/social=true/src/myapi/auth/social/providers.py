from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol, TypeAlias

import httpx

from myapi.auth.social.client import Profile
from myapi.auth.social.flow import Flow
from myapi.auth.social.github import GitHubProvider
from myapi.auth.social.openid import OpenIDProvider
from myapi.auth.social.settings import SocialSettings


class Provider(Protocol):
    name: str
    issuer: str

    async def authorization_url(self, redirect_uri: str, flow: Flow) -> str:
        """Where the browser logs in."""

    async def profile(self, redirect_uri: str, code: str, flow: Flow) -> Profile:
        """Who has logged in there, for the code that the browser came back with."""


Providers: TypeAlias = Mapping[str, Provider]

GOOGLE = "https://accounts.google.com"
GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"


@asynccontextmanager
async def connect_providers(settings: SocialSettings) -> AsyncIterator[Providers]:
    async with httpx.AsyncClient(timeout=5) as http:
        providers: list[Provider] = []
        if id_ := settings.google_client_id:
            secret = settings.google_client_secret
            providers.append(OpenIDProvider(http, "google", GOOGLE, id_, secret))
        if id_ := settings.github_client_id:
            secret = settings.github_client_secret
            providers.append(GitHubProvider(http, GITHUB, GITHUB_API, id_, secret))
        if settings.oidc_issuer and (id_ := settings.oidc_client_id):
            secret = settings.oidc_client_secret
            issuer = settings.oidc_issuer
            providers.append(OpenIDProvider(http, "oidc", issuer, id_, secret))
        yield {provider.name: provider for provider in providers}
