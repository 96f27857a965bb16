"""Logins of browsers, and what other sites can make a browser do with them."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from accounts import PASSWORD
from myapi.auth.models import User
from myapi.settings import Settings

AUTH = "/api/v1/auth"
FORM = {"username": "ada@example.com", "password": PASSWORD}
OTHER = "https://evil.example"


@pytest.fixture
async def browser(client: AsyncClient, user: User) -> AsyncClient:
    """Logged in by cookie, by https."""
    client.base_url = "https://test"
    answer = await client.post(f"{AUTH}/cookie/login", data=FORM)
    assert answer.status_code == 204
    assert answer.content == b""
    return client


async def test_cookies_are_out_of_the_reach_of_scripts_and_of_other_sites(
    client: AsyncClient, user: User
) -> None:
    answer = await client.post(f"{AUTH}/cookie/login", data=FORM)
    access, refresh = sorted(answer.headers.get_list("set-cookie"))
    assert access.startswith("__Host-access=")
    assert refresh.startswith("__Host-refresh=")
    for cookie, same_site in ((access, "lax"), (refresh, "strict")):
        attributes = set(cookie.split("; ")[1:])
        # With the prefix __Host-, that is: from this host alone, no other subdomain.
        assert {"HttpOnly", "Secure", "Path=/", f"SameSite={same_site}"} <= attributes
        assert "Domain" not in cookie


async def test_a_cookie_that_another_subdomain_can_set_is_no_login(
    browser: AsyncClient,
) -> None:
    for cookie in list(browser.cookies.jar):
        browser.cookies.delete(cookie.name)
        for name in (cookie.name.removeprefix("__Host-"), "__Secure-refresh"):
            browser.cookies.set(name, cookie.value or "")
    assert (await browser.get(f"{AUTH}/me")).status_code == 401
    assert (await browser.post(f"{AUTH}/cookie/refresh")).status_code == 401


async def test_cookies_without_tls_have_no_host_prefix(
    client: AsyncClient,
    user: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings.auth, "cookie_secure", False)
    await client.post(f"{AUTH}/cookie/login", data=FORM)
    assert set(client.cookies) == {"access", "refresh"}
    assert (await client.get(f"{AUTH}/me")).status_code == 200


async def test_a_browser_is_logged_in_by_its_cookie_and_renews_it(
    browser: AsyncClient,
) -> None:
    assert (await browser.get(f"{AUTH}/me")).json()["email"] == "ada@example.com"
    before = dict(browser.cookies)
    answer = await browser.post(f"{AUTH}/cookie/refresh")
    assert (answer.status_code, answer.content) == (204, b"")
    assert dict(browser.cookies)["__Host-refresh"] != before["__Host-refresh"]
    assert (await browser.get(f"{AUTH}/me")).status_code == 200


async def test_logging_out_ends_the_login_and_takes_the_cookies(
    browser: AsyncClient,
) -> None:
    kept = browser.cookies["__Host-access"]
    assert (await browser.post(f"{AUTH}/cookie/logout")).status_code == 204
    assert dict(browser.cookies) == {}
    browser.cookies.set("__Host-access", kept)
    assert (await browser.get(f"{AUTH}/me")).status_code == 401


async def test_a_refresh_without_the_cookie_is_refused(
    client: AsyncClient,
) -> None:
    assert (await client.post(f"{AUTH}/cookie/refresh")).status_code == 401


SAME = {"Sec-Fetch-Site": "same-origin", "Origin": "https://test"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (SAME, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OTHER}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://x.test"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "https://test"}, 204),
        ({"Origin": OTHER}, 403),
        ({"Origin": "null"}, 403),
        ({}, 204),
    ],
    ids=str,
)
async def test_a_cross_site_request_with_a_cookie_is_refused(
    browser: AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await browser.delete(f"{AUTH}/logins", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await browser.get(f"{AUTH}/me", headers=headers)).status_code == 200


async def test_a_cors_origin_may_send_requests_with_a_cookie(
    browser: AsyncClient, settings: Settings
) -> None:
    settings.cors.origins.append("https://page.example")
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://page.example"}
    answer = await browser.delete(f"{AUTH}/logins", headers=headers)
    settings.cors.origins.clear()
    assert answer.status_code == 204


async def test_a_token_in_a_header_comes_from_no_other_site(
    browser: AsyncClient,
) -> None:
    tokens = (await browser.post(f"{AUTH}/login", data=FORM)).json()
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Sec-Fetch-Site": "cross-site",
        "Origin": OTHER,
    }
    answer = await browser.delete(f"{AUTH}/logins", headers=headers)
    assert answer.status_code == 204
    # With a header that does not hold, the cookie does not count.
    headers["Authorization"] = "Bearer stale"
    answer = await browser.delete(f"{AUTH}/logins", headers=headers)
    assert answer.status_code == 401


async def test_a_cross_site_login_is_refused(client: AsyncClient, user: User) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": OTHER}
    answer = await client.post(f"{AUTH}/cookie/login", data=FORM, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_cross_site_websocket_with_a_cookie_is_refused(app: FastAPI) -> None:
    headers = {"Cookie": "__Host-access=x", "Origin": OTHER}
    with (
        TestClient(app) as client,
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/anywhere", headers=headers),
    ):
        pass
    assert refused.value.reason == "Another site sent this."
