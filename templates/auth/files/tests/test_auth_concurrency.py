"""Requests at the same time, each with a connection of its own."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from limits import parse
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import CHEAP, PASSWORD, create_user
from clients import client_of
from myapi.auth import passwords
from myapi.auth.queries import open_logins
from myapi.db.session import create_sessions
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
    async with client_of(another) as client:
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


@pytest.fixture
async def one_connection(settings: Settings) -> AsyncIterator[AsyncClient]:
    """A client of an application with a pool of one connection."""
    one = {"pool_size": 1, "max_overflow": 0, "timeout": 1}
    database = settings.database.model_copy(update=one)
    app = create_app(settings.model_copy(update={"database": database}))
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize("path", ["login", "me/password"])
async def test_no_connection_is_held_while_a_password_is_verified(
    one_connection: AsyncClient,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    email = f"{path.replace('/', '.')}@example.com"
    async with create_sessions(engine)() as session:
        await create_user(session, email)
    form = {"username": email, "password": PASSWORD}
    tokens = (await one_connection.post(f"{AUTH}/login", data=form)).json()

    began, end = threading.Event(), threading.Event()

    class Slow:
        def verify_and_update(self, password: str, hashed: str) -> tuple[bool, None]:
            began.set()
            end.wait(10)
            return CHEAP.verify(password, hashed), None

    monkeypatch.setattr(passwords, "_hasher", Slow())
    if path == "login":
        request = one_connection.post(f"{AUTH}/login", data=form)
    else:
        request = one_connection.post(
            f"{AUTH}/me/password",
            json={"password": PASSWORD, "new_password": "another battery of horses"},
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
        )
    verifying = asyncio.create_task(request)
    assert await asyncio.to_thread(began.wait, 10)
    logout = {"refresh_token": "unknown"}
    answer = await one_connection.post(f"{AUTH}/logout", json=logout)
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    end.set()
    assert answer.status_code == 204
    assert (await verifying).status_code in (200, 204)


@pytest.fixture
def unlimited(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.auth, "login_rate", parse("100000/minute"))
    monkeypatch.setattr(settings.auth, "client_rate", parse("100000/minute"))
    monkeypatch.setattr(settings.auth, "account_rate", parse("100000/minute"))


async def test_no_login_with_the_former_password_outlives_its_change(
    unlimited: None, committing: AsyncClient, engine: AsyncEngine
) -> None:
    sessions = create_sessions(engine)
    # SQLite has one writer at a time, and does not let them in in turn.
    pause = 0.02 if engine.dialect.name == "sqlite" else 0
    for round_ in range(10):
        email = f"ada{round_}@example.com"
        async with sessions() as session:
            user = await create_user(session, email)
        form = {"username": email, "password": PASSWORD}
        answer = await committing.post(f"{AUTH}/login", data=form)
        owner = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        logged_in = asyncio.Event()

        async def log_in(form: dict[str, str], logged_in: asyncio.Event) -> None:
            statuses: list[int] = []
            while statuses[-3:] != [401] * 3:
                answer = await committing.post(f"{AUTH}/login", data=form)
                statuses.append(answer.status_code)
                if answer.status_code == 200:
                    logged_in.set()
                await asyncio.sleep(pause)

        async with asyncio.timeout(30), asyncio.TaskGroup() as attackers:
            for _ in range(3):
                attackers.create_task(log_in(form, logged_in))
            await logged_in.wait()
            change = {"password": PASSWORD, "new_password": "another battery of horses"}
            answer = await committing.post(
                f"{AUTH}/me/password", json=change, headers=owner
            )
            assert answer.status_code == 204, answer.text
        async with sessions() as session:
            alive = await session.scalars(
                open_logins(user.id, used_after=user.created_at)
            )
            assert alive.all() == []


async def test_guesses_at_the_same_time_are_limited(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.auth, "client_rate", parse("5/minute"))
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
