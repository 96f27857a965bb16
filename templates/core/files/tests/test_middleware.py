import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from myapi.main import create_app
from myapi.middleware import (
    RequestContextMiddleware,
    SecurityHeadersMiddleware,
    UntrustedProxyMiddleware,
)
from myapi.settings import CORSSettings, Settings

PAGE = "https://page.example"


@pytest.fixture
def app() -> FastAPI:
    """An application that knows one page."""
    cors = CORSSettings(origins=[PAGE])
    return create_app(Settings(environment="test", cors=cors, _env_file=None))


async def test_a_request_id_is_kept(client: AsyncClient) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "abcdefgh-1"})
    assert answer.headers["x-request-id"] == "abcdefgh-1"


async def test_a_request_id_that_could_forge_a_log_line_is_replaced(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["x-request-id"]) == 32


async def test_a_known_page_may_read_the_answer_with_its_id(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-expose-headers"] == "X-Request-ID"
    assert answer.headers["vary"] == "Origin"


async def test_an_unknown_page_may_not(client: AsyncClient) -> None:
    answer = await client.get("/health/live", headers={"Origin": "https://no.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_browser_may_ask_before_it_sends(client: AsyncClient) -> None:
    asks = {"Origin": PAGE, "Access-Control-Request-Method": "DELETE"}
    answer = await client.options("/health/live", headers=asks)
    assert answer.status_code == 200
    assert "DELETE" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
async def test_one_warning_says_that_a_proxy_is_not_trusted(
    capsys: pytest.CaptureFixture[str], header: str
) -> None:
    api = PlainTextResponse("ok")
    app = UntrustedProxyMiddleware(api, enabled=True)
    silent = UntrustedProxyMiddleware(api, enabled=False)
    sent = {header: "for=203.0.113.7"}

    async def ask(app: ASGIApp, peer: tuple[str, int], sent: dict[str, str]) -> str:
        transport = ASGITransport(app=app, client=peer)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/", headers=sent)).status_code == 200
        return capsys.readouterr().out

    # The server has put the client's address there: it trusts the proxy.
    assert "untrusted" not in await ask(app, ("203.0.113.7", 0), sent)
    assert "untrusted" not in await ask(app, ("10.0.0.1", 1234), {})
    assert "untrusted" not in await ask(silent, ("10.0.0.1", 1234), sent)
    warning = await ask(app, ("10.0.0.1", 1234), sent)
    assert "untrusted proxy" in warning
    assert "10.0.0.1" in warning
    assert "FORWARDED_ALLOW_IPS" in warning
    assert "untrusted" not in await ask(app, ("10.0.0.1", 1234), sent)


async def test_every_answer_has_the_headers_that_browsers_obey(
    client: AsyncClient,
) -> None:
    for path in ("/health/live", "/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in headers
        assert "cache-control" not in headers


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "X-API-Key"])
async def test_no_cache_keeps_what_somebody_with_credentials_gets(
    client: AsyncClient, header: str
) -> None:
    answer = await client.get("/health/live", headers={header: "a=b"})
    assert answer.headers["cache-control"] == "no-store"


async def test_an_endpoint_chooses_its_own_headers() -> None:
    def ask(**headers: str) -> AsyncClient:
        api = PlainTextResponse("ok", headers=headers)
        app = SecurityHeadersMiddleware(api, hsts=True)
        return AsyncClient(
            transport=ASGITransport(app=app),
            base_url="https://test",
            headers={"Cookie": "a=b"},
        )

    own = {"Cache-Control": "public, max-age=60", "Referrer-Policy": "origin"}
    answer = await ask(**own).get("/")
    for name, value in own.items():
        assert answer.headers.get_list(name) == [value]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    answer = await ask(ETag='"1"').get("/")
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_no_redirect_leads_to_the_host_of_a_request(client: AsyncClient) -> None:
    answer = await client.get("/health/live/", headers={"Host": "evil.example"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/nowhere", "/health/live"])
async def test_a_request_is_logged_whatever_it_leaves_out(
    client: AsyncClient, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    del client.headers["User-Agent"]
    await client.get(path, params={"token": "secret"})
    (line,) = [x for x in capsys.readouterr().out.splitlines() if "request_id" in x]
    assert f"path={path} " in line
    assert "client=127.0.0.1" in line
    assert "user_agent=None" in line
    assert "secret" not in line


@pytest.mark.usefixtures("app")
async def test_a_request_without_an_address_is_answered_and_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = RequestContextMiddleware(PlainTextResponse("ok"))

    async def without_client(scope: Scope, receive: Receive, send: Send) -> None:
        del scope["client"]
        await app(scope, receive, send)

    transport = ASGITransport(app=without_client)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/")).status_code == 200
    assert "client=None" in capsys.readouterr().out
