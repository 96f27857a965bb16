"""A login at a provider does not pass by the authenticator app."""

import httpx2
import pyotp
import pytest

from identity_provider import IdentityProvider
from myapi.auth.models import User
from myapi.auth.totp.codes import encrypt
from myapi.auth.totp.models import TOTPSecret
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.settings import Settings
from social_logins import RETURN_URL, log_in

ME = "/api/v1/auth/me"
CODE = "/api/v1/auth/social/code"


@pytest.fixture
async def app_of_user(
    session: AsyncSession,
    settings: Settings,
    user: User,
    identity_provider: IdentityProvider,
) -> pyotp.TOTP:
    identity_provider.profile["email"] = user.email
    secret = pyotp.random_base32()
    row = TOTPSecret(
        user_id=user.id,
        encrypted=encrypt(settings.auth, secret),
        confirmed_at=utc_now(),
    )
    session.add(row)
    await session.commit()
    return pyotp.TOTP(secret)


async def test_the_code_is_asked_for_after_the_provider(
    app_of_user: pyotp.TOTP, browser: httpx2.AsyncClient
) -> None:
    answer = await log_in(browser)
    assert answer.headers["location"] == f"{RETURN_URL}#code-required"
    assert (await browser.get(ME)).status_code == 401
    answer = await browser.post(CODE, data={"code": app_of_user.now()})
    assert answer.status_code == 204
    assert (await browser.get(ME)).status_code == 200
    # And that was the end of this login: it has to begin anew.
    answer = await browser.post(CODE, data={"code": app_of_user.now()})
    assert answer.status_code == 401


async def test_a_wrong_code_is_refused(
    app_of_user: pyotp.TOTP, browser: httpx2.AsyncClient
) -> None:
    await log_in(browser)
    answer = await browser.post(CODE, data={"code": "000000"})
    assert (answer.status_code, answer.json()["type"]) == (
        401,
        "urn:problem-type:wrong-code",
    )
    assert (await browser.get(ME)).status_code == 401


async def test_a_code_without_the_provider_is_refused(
    app_of_user: pyotp.TOTP, browser: httpx2.AsyncClient
) -> None:
    answer = await browser.post(CODE, data={"code": app_of_user.now()})
    assert answer.status_code == 401


async def test_a_cross_site_code_is_refused(
    app_of_user: pyotp.TOTP, browser: httpx2.AsyncClient
) -> None:
    await log_in(browser)
    answer = await browser.post(
        CODE,
        data={"code": app_of_user.now()},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


async def test_a_user_without_an_app_is_logged_in_at_once(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await log_in(browser)
    assert answer.headers["location"] == RETURN_URL
    assert (await browser.get(ME)).status_code == 200
