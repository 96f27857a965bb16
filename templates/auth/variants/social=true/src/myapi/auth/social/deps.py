import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, Query, Request
from starlette.requests import HTTPConnection

from myapi.auth.errors import ForbiddenError
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.social.browser import read_flow
from myapi.auth.social.flow import Flow
from myapi.auth.social.profile import Profile
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


class NoFlowError(AppError):
    status = HTTPStatus.BAD_REQUEST
    title = "No login under way"


@dataclass(frozen=True)
class Callback:
    flow: Flow
    code: str


async def get_callback(
    request: Request,
    settings: AuthSettingsDep,
    provider: ProviderDep,
    state: Annotated[str, Query()] = "",
    code: Annotated[str, Query()] = "",
    error: Annotated[str, Query()] = "",
) -> Callback:
    """What the browser comes back with, if it went from here."""
    flow = read_flow(request, settings)
    if (
        flow is None
        or flow.provider != provider.name
        or not secrets.compare_digest(flow.state.encode(), state.encode())
    ):
        raise NoFlowError("This login did not begin in this browser, or took too long.")
    if error:
        raise ForbiddenError(f"The login at {provider.name} was not granted.")
    if not code:
        raise NoFlowError(f"{provider.name} sent no code.")
    return Callback(flow, code)


CallbackDep = Annotated[Callback, Depends(get_callback)]


async def get_profile(
    provider: ProviderDep, redirect_uri: RedirectURI, callback: CallbackDep
) -> Profile:
    return await provider.profile(redirect_uri, callback.code, callback.flow)


ProfileDep = Annotated[Profile, Depends(get_profile)]
