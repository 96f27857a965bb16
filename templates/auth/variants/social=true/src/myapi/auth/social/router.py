from fastapi import APIRouter, Request, status
from fastapi.responses import RedirectResponse

from myapi.auth.deps import DeviceDep
from myapi.auth.guard import public
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.social.accounts import user_of
from myapi.auth.social.arrival import arrive
from myapi.auth.social.browser import to_provider
from myapi.auth.social.deps import (
    ProfileDep,
    ProviderDep,
    ProvidersDep,
    RedirectURI,
    SocialSettingsDep,
)
from myapi.auth.social.flow import Flow
from myapi.db.deps import SessionDep

router = APIRouter(prefix="/auth/social", tags=["auth"])


@router.get("")
@public
async def list_social_providers(providers: ProvidersDep) -> list[str]:
    """The providers that one can log in with."""
    return sorted(providers)


@router.get(
    "/{provider}/authorize",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
)
@public
async def begin_social_login(
    request: Request,
    settings: AuthSettingsDep,
    provider: ProviderDep,
    redirect_uri: RedirectURI,
) -> RedirectResponse:
    """Send the browser here: it goes on to the provider."""
    flow = Flow(provider=provider.name)
    url = await provider.authorization_url(redirect_uri, flow)
    return to_provider(request, settings, flow, url)


@router.get(
    "/{provider}/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
)
@public
async def finish_social_login(
    request: Request,
    session: SessionDep,
    settings: AuthSettingsDep,
    social: SocialSettingsDep,
    provider: ProviderDep,
    profile: ProfileDep,
    device: DeviceDep,
) -> RedirectResponse:
    """The browser comes back from the provider: it goes home with a login."""
    user = await user_of(session, provider.issuer, profile)
    return await arrive(request, session, settings, social, user, device)
