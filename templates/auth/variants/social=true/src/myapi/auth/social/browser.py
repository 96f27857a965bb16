"""The cookie that the browser takes along to the provider, and brings back."""

from fastapi import Request, Response, status
from fastapi.responses import RedirectResponse

from myapi.auth.cookies import clear_cookie, cookie_name, set_cookie
from myapi.auth.settings import AuthSettings
from myapi.auth.social.flow import LIFETIME, Flow

COOKIE = "social"


def read_flow(request: Request, settings: AuthSettings) -> Flow | None:
    return Flow.read(settings, request.cookies.get(cookie_name(settings, COOKIE), ""))


def to_provider(settings: AuthSettings, flow: Flow, url: str) -> RedirectResponse:
    response = RedirectResponse(url, status.HTTP_303_SEE_OTHER)
    signed = flow.signed(settings, LIFETIME)
    # Lax: it has to come along from the provider's page.
    set_cookie(response, settings, COOKIE, signed, LIFETIME, "lax")
    return response


def forget_flow(response: Response, settings: AuthSettings) -> None:
    clear_cookie(response, settings, COOKIE)
