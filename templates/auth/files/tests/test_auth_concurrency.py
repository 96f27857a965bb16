"""Requests at the same time, each with a connection of its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import PASSWORD
from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow

AUTH = "/api/v1/auth"
NEW = {"email": "ada@example.com", "password": PASSWORD}


@pytest.fixture
async def committing(
    app: FastAPI, settings: Settings, many_mails: None
) -> AsyncIterator[AsyncClient]:
    """A client of an application that is in no transaction of the test."""
    another = create_app(settings)
    another.dependency_overrides = app.dependency_overrides
    async with (
        LifespanManager(another) as manager,
        AsyncClient(
            transport=ASGITransport(app=manager.app), base_url="http://test"
        ) as client,
    ):
        yield client


async def test_of_many_refreshes_with_one_token_a_single_one_wins(
    committing: AsyncClient, engine: AsyncEngine
) -> None:
    await committing.post(f"{AUTH}/users", json=NEW)
    form = {"username": NEW["email"], "password": PASSWORD}
    tokens = (await committing.post(f"{AUTH}/login", data=form)).json()
    body = {"refresh_token": tokens["refresh_token"]}
    # SQLite has one writer at a time, for which the others wait.
    many = 20 if engine.dialect.name == "sqlite" else 100

    answers = await asyncio.gather(
        *(committing.post(f"{AUTH}/refresh", json=body) for _ in range(many))
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 1, 401: many - 1}


async def test_of_registrations_at_the_same_time_one_makes_the_account(
    committing: AsyncClient,
) -> None:
    body = NEW | {"email": "grace@example.com"}
    answers = await asyncio.gather(
        *(committing.post(f"{AUTH}/users", json=body) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [202] * 5


async def test_guesses_at_the_same_time_are_limited(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.auth, "client_rate", "5/minute")
    async with LifespanManager(create_app(settings)) as manager:
        transport = ASGITransport(app=manager.app, client=("198.51.100.7", 1234))
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            forms = [
                {"username": f"{n}@example.com", "password": "wrong"} for n in range(15)
            ]
            answers = await asyncio.gather(
                *(client.post(f"{AUTH}/login", data=form) for form in forms)
            )
    assert Counter(a.status_code for a in answers) == {401: 5, 429: 10}
