"""A provider that is set up, and a browser that logs in at it."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from httpx2 import URL, AsyncClient, Response
from pydantic import SecretStr

from identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    IdentityProvider,
    create_provider_app,
)
from myapi.auth.social import providers
from myapi.auth.social.settings import SocialSettings
from myapi.settings import Settings

RETURN_URL = "https://app.example.com/welcome"
BEGIN = "/api/v1/auth/social/oidc/authorize"


@pytest.fixture(scope="session")
def provider_server() -> Iterator[IdentityProvider]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        provider = IdentityProvider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        app = create_provider_app(provider)
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        yield provider
        server.should_exit = True
        thread.join()


@pytest.fixture
def identity_provider(
    provider_server: IdentityProvider,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> IdentityProvider:
    provider_server.reset()
    social = SocialSettings(
        api_url="https://test",
        return_url=RETURN_URL,
        github_client_id=CLIENT_ID,
        github_client_secret=SecretStr(CLIENT_SECRET),
        oidc_issuer=provider_server.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
    )
    monkeypatch.setattr(settings, "social", social)
    monkeypatch.setattr(providers, "GITHUB", provider_server.url)
    monkeypatch.setattr(providers, "GITHUB_API", f"{provider_server.url}/api")
    return provider_server


@pytest.fixture
def browser(identity_provider: IdentityProvider, client: AsyncClient) -> AsyncClient:
    """Cookies of logins travel by https alone."""
    client.base_url = URL("https://test")
    return client


async def at_provider(browser: AsyncClient, begin: str = BEGIN) -> str:
    """Where the provider sends the browser back to."""
    answer = await browser.get(begin)
    assert answer.status_code == 303, answer.text
    async with AsyncClient() as elsewhere:
        answer = await elsewhere.get(answer.headers["location"])
    location: str = answer.headers["location"]
    return location


async def log_in(browser: AsyncClient, begin: str = BEGIN) -> Response:
    return await browser.get(await at_provider(browser, begin))
