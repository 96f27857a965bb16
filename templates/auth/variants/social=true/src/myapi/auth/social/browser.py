"""The cookie that the browser takes along to the provider, and brings back."""

from fastapi import Request, Response, status
from fastapi.responses import RedirectResponse

from myapi.auth.settings import AuthSettings
from myapi.auth.social.flow import LIFETIME, Flow

PATH = "/api/v1/auth/social"


def cookie_name(settings: AuthSettings) -> str:
    return "__Secure-social" if settings.cookie_secure else "social"


def read_flow(request: Request, settings: AuthSettings) -> Flow | None:
    return Flow.read(settings, request.cookies.get(cookie_name(settings), ""))


def to_provider(
    request: Request, settings: AuthSettings, flow: Flow, url: str
) -> RedirectResponse:
    response = RedirectResponse(url, status.HTTP_303_SEE_OTHER)
    response.set_cookie(
        cookie_name(settings),
        flow.signed(settings, LIFETIME),
        max_age=int(LIFETIME.total_seconds()),
        path=cookie_path(request),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",  # it has to come along from the provider's page
    )
    return response


def forget_flow(request: Request, response: Response, settings: AuthSettings) -> None:
    response.delete_cookie(
        cookie_name(settings),
        cookie_path(request),
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def cookie_path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}{PATH}"
