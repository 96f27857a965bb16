"""Logins at the same time, each with a connection of its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pyotp
import pytest
from httpx2 import AsyncClient
from limits import parse
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import PASSWORD, create_user
from clients import client_of
from myapi.db.base import utc_now
from myapi.db.session import create_sessions
from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow

AUTH = "/api/v1/auth"
EMAIL = "ada@example.com"


@pytest.fixture
async def committing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """A client of an application that is in no transaction of the test."""
    monkeypatch.setattr(settings.auth, "login_rate", parse("100/minute"))
    app = create_app(settings)
    async with client_of(app) as client:
        yield client


async def test_of_many_logins_with_one_code_a_single_one_wins(
    committing: AsyncClient, engine: AsyncEngine
) -> None:
    password = {"password": PASSWORD}
    async with create_sessions(engine)() as session:
        await create_user(session, EMAIL)
    form = {"username": EMAIL, **password}
    token = (await committing.post(f"{AUTH}/login", data=form)).json()["access_token"]
    committing.headers["Authorization"] = f"Bearer {token}"
    secret = (await committing.post(f"{AUTH}/totp", json=password)).json()["secret"]
    code = {"code": pyotp.TOTP(secret).now()}
    answer = await committing.post(f"{AUTH}/totp/confirm", json=code)
    recovery_code = answer.json()["recovery_codes"][0]

    async def log_in(code: str) -> int:
        answer = await committing.post(f"{AUTH}/login", data={**form, "code": code})
        return answer.status_code

    for right in (pyotp.TOTP(secret).at(utc_now(), counter_offset=1), recovery_code):
        statuses = await asyncio.gather(*(log_in(right) for _ in range(20)))
        assert Counter(statuses) == {200: 1, 401: 19}
