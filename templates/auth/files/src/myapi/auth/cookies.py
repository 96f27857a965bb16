"""The tokens of a browser, where no script can read them."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends, Request, Response

from myapi.auth.errors import UnauthorizedError
from myapi.auth.schemas import Tokens
from myapi.auth.settings import AuthSettings, AuthSettingsDep

ACCESS = "access"
REFRESH = "refresh"


def cookie_name(settings: AuthSettings, name: str) -> str:
    """Browsers take a cookie with this prefix from no other host, such as another
    subdomain, and not by http. Its path has to be `/`."""
    return f"__Host-{name}" if settings.cookie_secure else name


def set_cookie(
    response: Response,
    settings: AuthSettings,
    name: str,
    value: str,
    lifetime: timedelta | None,
    samesite: Literal["lax", "strict"] = "strict",
) -> None:
    """Without a lifetime, it ends with the browser."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=int(lifetime.total_seconds()) if lifetime else None,
        secure=settings.cookie_secure,
        httponly=True,
        samesite=samesite,
    )


def clear_cookie(response: Response, settings: AuthSettings, name: str) -> None:
    response.delete_cookie(
        cookie_name(settings, name), secure=settings.cookie_secure, httponly=True
    )


def set_cookies(response: Response, settings: AuthSettings, tokens: Tokens) -> None:
    access, refresh = tokens.access_token, tokens.refresh_token
    set_cookie(response, settings, ACCESS, access, settings.access_ttl, "lax")
    set_cookie(response, settings, REFRESH, refresh, settings.refresh_ttl)


def clear_cookies(response: Response, settings: AuthSettings) -> None:
    for name in (ACCESS, REFRESH):
        clear_cookie(response, settings, name)


async def get_refresh_cookie(request: Request, settings: AuthSettingsDep) -> str:
    token = request.cookies.get(cookie_name(settings, REFRESH))
    if not token:
        raise UnauthorizedError("The refresh cookie is missing.")
    return token


RefreshCookie = Annotated[str, Depends(get_refresh_cookie)]
