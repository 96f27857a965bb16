"""/docs and /redoc, with scripts and styles from a package instead of a CDN."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.openapi.docs import (
    get_redoc_html,
    get_swagger_ui_html,
    get_swagger_ui_oauth2_redirect_html,
)
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

ASSETS = "/docs/assets"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; worker-src blob:; script-src 'self'{}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def add_docs(app: FastAPI, *, home: bool) -> None:
    """Add the pages. With `home`, / leads to /docs, unless a route has that path."""
    app.mount(ASSETS, StaticFiles(directory=str(files("fastapi_offline") / "static")))
    app.add_route("/docs", swagger, include_in_schema=False)
    app.add_route("/docs/oauth2-redirect", oauth2_redirect, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
    if home:
        app.add_route("/", to_docs, include_in_schema=False)


async def swagger(request: Request) -> HTMLResponse:
    root = root_of(request)
    return with_policy(
        get_swagger_ui_html(
            title=request.app.title,
            openapi_url=f"{root}{request.app.openapi_url}",
            oauth2_redirect_url=f"{root}/docs/oauth2-redirect",
            swagger_js_url=f"{root}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}{ASSETS}/favicon.png",
        )
    )


async def oauth2_redirect(_: Request) -> HTMLResponse:
    return with_policy(get_swagger_ui_oauth2_redirect_html())


async def redoc(request: Request) -> HTMLResponse:
    root = root_of(request)
    return with_policy(
        get_redoc_html(
            title=request.app.title,
            openapi_url=f"{root}{request.app.openapi_url}",
            redoc_js_url=f"{root}{ASSETS}/redoc.standalone.js",
            redoc_favicon_url=f"{root}{ASSETS}/favicon.png",
            with_google_fonts=False,
        )
    )


def with_policy(page: HTMLResponse) -> HTMLResponse:
    """`page` with a policy that allows its own inline scripts, and no others."""
    scripts = INLINE_SCRIPT.findall(bytes(page.body).decode())
    hashes = (b64encode(sha256(text.encode()).digest()).decode() for text in scripts)
    allowed = "".join(f" 'sha256-{value}'" for value in hashes)
    page.headers["Content-Security-Policy"] = POLICY.format(allowed)
    return page


async def to_docs(request: Request) -> RedirectResponse:
    return RedirectResponse(f"{root_of(request)}/docs")


def root_of(request: Request) -> str:
    """Servers take a root path with a slash at its end as well."""
    return str(request.scope["root_path"]).rstrip("/")
