from fastapi import Request, status
from fastapi.responses import RedirectResponse

from myapi.auth.cookies import set_cookies
from myapi.auth.logins import log_in
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.auth.social.browser import forget_flow
from myapi.auth.social.settings import SocialSettings
from myapi.db.session import AsyncSession


async def arrive(
    request: Request,
    session: AsyncSession,
    settings: AuthSettings,
    social: SocialSettings,
    user: User,
    device: str,
) -> RedirectResponse:
    """Back at the page that the settings name, and nowhere else, with a login."""
    response = RedirectResponse(social.return_url, status.HTTP_303_SEE_OTHER)
    tokens = await log_in(session, settings, user, device)
    set_cookies(request, response, settings, tokens)
    forget_flow(request, response, settings)
    return response
