import secrets
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, Query, Request
from starlette.requests import HTTPConnection

from myapi.auth.errors import ForbiddenError
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.social.client import Profile
from myapi.auth.social.flow import read_flow
from myapi.auth.social.providers import Provider, Providers
from myapi.auth.social.settings import SocialSettings
from myapi.errors import AppError, NotFoundError


async def get_providers(connection: HTTPConnection) -> Providers:
    return cast("Providers", connection.state["providers"])


ProvidersDep = Annotated[Providers, Depends(get_providers)]


async def get_provider(provider: str, providers: ProvidersDep) -> Provider:
    if provider not in providers:
        raise NotFoundError("No such provider.")
    return providers[provider]


ProviderDep = Annotated[Provider, Depends(get_provider)]


async def get_social_settings(connection: HTTPConnection) -> SocialSettings:
    return cast("SocialSettings", connection.state["settings"].social)


SocialSettingsDep = Annotated[SocialSettings, Depends(get_social_settings)]


async def get_redirect_uri(
    request: Request, settings: SocialSettingsDep, provider: ProviderDep
) -> str:
    """Where the browser comes back to; a request's own host is anybody's word."""
    path = request.app.url_path_for("finish_social_login", provider=provider.name)
    return f"{settings.api_url.rstrip('/')}{path}"


RedirectURI = Annotated[str, Depends(get_redirect_uri)]


class InvalidCallbackError(AppError):
    status = HTTPStatus.BAD_REQUEST
    type = "urn:problem-type:invalid-callback"
    title = "Invalid callback"


async def get_profile(
    request: Request,
    settings: AuthSettingsDep,
    provider: ProviderDep,
    redirect_uri: RedirectURI,
    state: Annotated[str, Query()] = "",
    code: Annotated[str, Query()] = "",
    error: Annotated[str, Query()] = "",
) -> Profile:
    """Who logged in at the provider, if this browser began the login here."""
    flow = read_flow(request, settings)
    if (
        flow is None
        or flow.provider != provider.name
        or not secrets.compare_digest(flow.state.encode(), state.encode())
    ):
        raise InvalidCallbackError(
            "The login was not started in this browser, or has expired. Start again."
        )
    if error:
        raise ForbiddenError(f"The login at {provider.name} was not granted.")
    if not code:
        raise InvalidCallbackError(f"{provider.name} sent no code.")
    return await provider.profile(redirect_uri, code, flow)


ProfileDep = Annotated[Profile, Depends(get_profile)]
