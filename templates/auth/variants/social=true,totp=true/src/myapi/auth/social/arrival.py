from fastapi import Request, status
from fastapi.responses import RedirectResponse

from myapi.auth.cookies import set_cookies
from myapi.auth.logins import log_in
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.auth.social.browser import forget_flow
from myapi.auth.social.halfway import remember_user
from myapi.auth.social.settings import SocialSettings
from myapi.auth.totp.service import confirmed_totp
from myapi.db.session import AsyncSession

CODE_REQUIRED = "#code-required"


async def arrive(
    request: Request,
    session: AsyncSession,
    settings: AuthSettings,
    social: SocialSettings,
    user: User,
    device: str,
) -> RedirectResponse:
    """Back at the page that the settings name, and nowhere else, with a login.

    Or, for a user who has set an authenticator app up, to be asked for a code there.
    """
    code_required = await confirmed_totp(session, user) is not None
    url = social.return_url + (CODE_REQUIRED if code_required else "")
    response = RedirectResponse(url, status.HTTP_303_SEE_OTHER)
    if code_required:
        remember_user(request, response, settings, user)
    else:
        tokens = await log_in(session, settings, user, device)
        set_cookies(request, response, settings, tokens)
    forget_flow(request, response, settings)
    return response
