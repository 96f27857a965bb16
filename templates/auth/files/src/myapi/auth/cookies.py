"""The tokens of a browser, where no script can read them."""

from typing import Annotated

from fastapi import Depends, Request, Response

from myapi.auth.errors import UnauthorizedError
from myapi.auth.schemas import Tokens
from myapi.auth.settings import AuthSettings, AuthSettingsDep

ACCESS = "access"
REFRESH = "refresh"
# The refresh token goes nowhere else.
REFRESH_PATH = "/api/v1/auth/cookie"


def cookie_name(settings: AuthSettings, name: str) -> str:
    """Browsers take a cookie with such a prefix from no other host, and not by http."""
    if not settings.cookie_secure:
        return name
    return f"__Host-{name}" if name == ACCESS else f"__Secure-{name}"


def set_cookies(
    request: Request, response: Response, settings: AuthSettings, tokens: Tokens
) -> None:
    response.set_cookie(
        cookie_name(settings, ACCESS),
        tokens.access_token,
        max_age=int(settings.access_ttl.total_seconds()),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    response.set_cookie(
        cookie_name(settings, REFRESH),
        tokens.refresh_token,
        max_age=int(settings.refresh_ttl.total_seconds()),
        path=request.scope.get("root_path", "") + REFRESH_PATH,
        secure=settings.cookie_secure,
        httponly=True,
        samesite="strict",
    )


def clear_cookies(request: Request, response: Response, settings: AuthSettings) -> None:
    for name, path in (
        (ACCESS, "/"),
        (REFRESH, request.scope.get("root_path", "") + REFRESH_PATH),
    ):
        response.delete_cookie(
            cookie_name(settings, name),
            path,
            secure=settings.cookie_secure,
            httponly=True,
        )


async def get_refresh_cookie(request: Request, settings: AuthSettingsDep) -> str:
    token = request.cookies.get(cookie_name(settings, REFRESH))
    if not token:
        raise UnauthorizedError("The refresh cookie is missing.")
    return token


RefreshCookie = Annotated[str, Depends(get_refresh_cookie)]
