"""Logins at a provider that runs on loopback, through the whole flow."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from accounts import PASSWORD
from identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, new_key
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.auth.social import client as provider_client
from myapi.auth.social.flow import Flow
from myapi.auth.social.models import SocialAccount
from myapi.auth.social.settings import SocialSettings
from myapi.db.session import AsyncSession
from myapi.mail.message import Message
from myapi.settings import Settings
from social_logins import BEGIN, RETURN_URL, at_provider, log_in


async def test_a_new_user_gets_an_account_and_is_logged_in(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
) -> None:
    answer = await log_in(browser)
    assert answer.status_code == 303
    assert answer.headers["location"] == RETURN_URL
    assert (await browser.get("/api/v1/auth/me")).json()["email"] == "grace@example.com"
    account = (await session.scalars(select(SocialAccount))).one()
    assert (account.issuer, account.subject) == (identity_provider.url, "grace-1906")


async def test_a_returning_user_is_known_by_subject_not_by_address(
    browser: httpx2.AsyncClient, identity_provider: IdentityProvider
) -> None:
    await log_in(browser)
    first = (await browser.get("/api/v1/auth/me")).json()
    identity_provider.profile.update(email="new@example.com", email_verified=False)
    await log_in(browser)
    assert (await browser.get("/api/v1/auth/me")).json() == first


async def test_an_account_with_the_same_address_is_linked_if_both_sides_verified_it(
    browser: httpx2.AsyncClient, user: User, identity_provider: IdentityProvider
) -> None:
    identity_provider.profile["email"] = user.email.upper()
    assert (await log_in(browser)).status_code == 303
    assert (await browser.get("/api/v1/auth/me")).json()["id"] == str(user.id)


async def test_a_login_at_a_provider_ends_access_to_an_unconfirmed_account(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    user: User,
    identity_provider: IdentityProvider,
) -> None:
    user.email_verified_at = None
    await session.commit()
    identity_provider.profile["email"] = user.email
    form = {"username": user.email, "password": PASSWORD}
    stranger = (await browser.post("/api/v1/auth/login", data=form)).json()
    browser.cookies.clear()

    assert (await log_in(browser)).status_code == 303
    me = (await browser.get("/api/v1/auth/me")).json()
    assert me["id"] == str(user.id)
    assert me["email_verified_at"]
    browser.cookies.clear()
    assert (await browser.post("/api/v1/auth/login", data=form)).status_code == 401
    token = {"refresh_token": stranger["refresh_token"]}
    assert (await browser.post("/api/v1/auth/refresh", json=token)).status_code == 401
    assert (await session.scalars(select(SocialAccount))).one().user_id == user.id


@pytest.mark.parametrize("profile", [{"email_verified": False}, {"email": None}])
async def test_an_address_that_the_provider_has_not_verified_is_refused(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
    profile: dict[str, object],
) -> None:
    identity_provider.profile.update(profile)
    answer = await log_in(browser)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await session.scalars(select(User))).all() == []


async def test_an_inactive_user_is_refused(
    browser: httpx2.AsyncClient, session: AsyncSession
) -> None:
    await log_in(browser)
    user = (await session.scalars(select(User))).one()
    user.is_active = False
    await session.commit()
    assert (await log_in(browser)).status_code == 403


async def test_the_address_may_come_with_the_user_info(
    browser: httpx2.AsyncClient, identity_provider: IdentityProvider
) -> None:
    identity_provider.email_only_in_userinfo = True
    await log_in(browser)
    assert (await browser.get("/api/v1/auth/me")).json()["email"] == "grace@example.com"


async def test_user_info_of_another_subject_is_refused(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
) -> None:
    identity_provider.email_only_in_userinfo = True
    identity_provider.claims = {"sub": "mallory"}
    await assert_refused(browser, session)


async def test_github_is_asked_for_the_primary_address(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
) -> None:
    answer = await log_in(browser, "/api/v1/auth/social/github/authorize")
    assert answer.status_code == 303, answer.text
    assert (await browser.get("/api/v1/auth/me")).json()["email"] == "grace@example.com"
    account = (await session.scalars(select(SocialAccount))).one()
    assert account.subject == "1906"


async def test_an_address_that_github_has_not_verified_is_refused(
    browser: httpx2.AsyncClient, identity_provider: IdentityProvider
) -> None:
    identity_provider.profile["email_verified"] = False
    answer = await log_in(browser, "/api/v1/auth/social/github/authorize")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another login"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"iss": "https://accounts.google.com"},
        {"exp": 1},
        {"exp": None},
        {"iat": 2**33},
        {"sub": None},
        {"sub": "a\0b"},
        {"sub": "a" * 256},
        {"email": "no address"},
        {"email": 7},
        {"email_verified": {"not": "a truth"}},
    ],
    ids=str,
)
async def test_an_id_token_that_says_something_else_is_refused(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
    claims: dict[str, object],
) -> None:
    identity_provider.claims = claims
    await assert_refused(browser, session)


async def test_an_id_token_of_another_key_is_refused(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
) -> None:
    identity_provider.signing_key = new_key()
    await assert_refused(browser, session)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_an_id_token_without_a_public_key_is_refused(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
    algorithm: str,
) -> None:
    identity_provider.algorithm = algorithm
    identity_provider.signing_key = None if algorithm == "none" else CLIENT_SECRET * 2
    await assert_refused(browser, session)


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": "invalid_client"}, 401),
        JSONResponse({"access_token": "opaque"}),
        JSONResponse({"access_token": "opaque", "id_token": 7}),
        JSONResponse({"access_token": "opaque", "id_token": "a.b.c"}),
        JSONResponse([["access_token", "opaque"]]),
        JSONResponse({"expires_in": "soon"}),
        PlainTextResponse("<html>"),
        Response(b"\xff\xfe\xff", media_type="application/json"),
        Response(status_code=302, headers={"location": "https://evil.example"}),
        Response(status_code=500),
    ],
    ids=lambda answer: (
        bytes(answer.body).decode(errors="replace") or str(answer.status_code)
    ),
)
async def test_a_provider_that_answers_anything_is_a_problem(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
    answer: Response,
) -> None:
    identity_provider.token_answer = answer
    await assert_refused(browser, session)


async def test_a_slow_provider_is_given_up(
    browser: httpx2.AsyncClient,
    session: AsyncSession,
    identity_provider: IdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back = await at_provider(browser)
    monkeypatch.setattr(provider_client, "TIMEOUT", 0.05)
    identity_provider.delay = 0.3
    assert_problem(await browser.get(back), 502)


async def assert_refused(browser: httpx2.AsyncClient, session: AsyncSession) -> None:
    assert_problem(await log_in(browser), 502)
    assert (await session.scalars(select(User))).all() == []


def assert_problem(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers


async def test_consent_that_is_denied_is_a_problem(
    browser: httpx2.AsyncClient, identity_provider: IdentityProvider
) -> None:
    identity_provider.denied = True
    assert_problem(await log_in(browser), 403)


async def test_only_the_browser_that_began_a_login_finishes_it(
    browser: httpx2.AsyncClient,
) -> None:
    back = await at_provider(browser)
    browser.cookies.clear()
    assert_problem(await browser.get(back), 400)


@pytest.mark.parametrize("query", ["", "?state=x", "?code=x", "?state=%00&code=%00"])
async def test_a_callback_that_answers_nothing_is_a_problem(
    browser: httpx2.AsyncClient, query: str
) -> None:
    await browser.get(BEGIN)
    callback = f"/api/v1/auth/social/oidc/callback{query}"
    assert_problem(await browser.get(callback), 400)


async def test_the_callback_of_another_provider_is_refused(
    browser: httpx2.AsyncClient,
) -> None:
    back = await at_provider(browser)
    assert_problem(await browser.get(back.replace("/oidc/", "/github/")), 400)


async def test_a_callback_works_once(browser: httpx2.AsyncClient) -> None:
    back = await at_provider(browser)
    begun = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    browser.cookies.clear()
    assert_problem(await browser.get(back), 400)
    # Even for somebody who kept the cookie: the provider takes a code once.
    browser.cookies.update(begun)
    assert_problem(await browser.get(back), 502)


async def test_a_login_at_a_provider_expires(
    browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = Flow.signed

    def signed_long_ago(flow: Flow, settings: AuthSettings, ttl: timedelta) -> str:
        return signed(flow, settings, -ttl)

    monkeypatch.setattr(Flow, "signed", signed_long_ago)
    assert_problem(await log_in(browser), 400)


@pytest.mark.parametrize("provider", ["google", "nobody", "%00"])
async def test_a_provider_without_settings_is_unknown(
    browser: httpx2.AsyncClient, provider: str
) -> None:
    for end in ("authorize", "callback"):
        answer = await browser.get(f"/api/v1/auth/social/{provider}/{end}")
        assert_problem(answer, 404)


async def test_the_providers_that_are_on_are_listed(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await browser.get("/api/v1/auth/social")
    assert answer.json() == ["github", "oidc"]


async def test_a_provider_that_is_down_is_a_problem(
    browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("myapi.auth.social.openid.DISCOVERY", "/nothing-here")
    assert_problem(await browser.get(BEGIN), 502)


async def test_a_request_cannot_choose_where_the_browser_returns(
    browser: httpx2.AsyncClient,
) -> None:
    begin = f"{BEGIN}?next=https://evil.example&redirect_uri=https://evil.example"
    answer = await browser.get(begin, headers={"Host": "evil.example"})
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://test/api/v1/auth/social/oidc/callback"]


def test_a_provider_with_an_id_but_no_secret_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOCIAL_GOOGLE_CLIENT_ID", "id")
    with pytest.raises(ValidationError, match="SOCIAL_GOOGLE_CLIENT_SECRET"):
        Settings(_env_file=None)


def test_production_refuses_a_provider_without_tls() -> None:
    social = SocialSettings(
        github_client_id=CLIENT_ID, github_client_secret=SecretStr(CLIENT_SECRET)
    )
    assert "SOCIAL_API_URL" in social.production_problems()[0]
    assert SocialSettings().production_problems() == []


async def test_the_first_proof_of_the_address_unlinks_providers(
    browser: httpx2.AsyncClient, session: AsyncSession, outbox: list[Message]
) -> None:
    await log_in(browser)
    user = (await session.scalars(select(User))).one()
    user.email_verified_at = None
    await session.commit()
    auth = "/api/v1/auth"
    await browser.post(f"{auth}/email/verification", json={"email": user.email})
    token = outbox[0].text.partition("#token=")[2].split()[0]
    await browser.post(f"{auth}/email/verify", json={"token": token})
    assert (await session.scalars(select(SocialAccount))).all() == []
