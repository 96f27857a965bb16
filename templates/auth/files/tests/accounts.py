"""Users of tests, and clients that are logged in."""

import os
from collections.abc import Iterator
from functools import lru_cache

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from limits import parse
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from myapi.auth import logins, passwords
from myapi.auth.events import AccountEvents
from myapi.auth.guard import require_login
from myapi.auth.models import Role, User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.mail.mailer import Mailer
from myapi.settings import Settings

PASSWORD = "correct horse battery staple"
DEVICE = logins.Device("tests", networks=[b""])

# For applications other than `app`: production accepts it.
os.environ["AUTH_LINK_URL"] = "https://tests.example"
os.environ["AUTH_SECRET_KEYS"] = "a-key-that-signs-nothing-but-the-tokens-of-tests"

# These test something else than logins, with routes of their own.
OPEN = {"test_errors", "test_mail"}


# With hashes of the usual strength, the suite would do little else.
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


@pytest.fixture
def many_mails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """More requests for mail than the limits allow; before `client` starts."""
    monkeypatch.setattr(settings.auth, "mail_rate", parse("1000/hour"))
    monkeypatch.setattr(settings.auth, "mail_client_rate", parse("1000/hour"))


@lru_cache
def password_hash() -> str:
    return CHEAP.hash(PASSWORD)


@pytest.fixture(autouse=True)
def open_routes(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.module.__name__ not in OPEN:
        yield
        return
    app: FastAPI = request.getfixturevalue("app")

    async def let_everybody_in() -> None:
        return None

    app.dependency_overrides[require_login] = let_everybody_in
    yield
    del app.dependency_overrides[require_login]


async def create_user(
    session: AsyncSession, email: str, role: Role = Role.USER
) -> User:
    user = User(
        email=email,
        password_hash=password_hash(),
        role=role,
        email_verified_at=utc_now(),
    )
    session.add(user)
    await session.commit()
    return user


def events_of(settings: Settings) -> AccountEvents:
    return AccountEvents(Mailer(), settings.auth, client="tests")


async def log_in(
    client: AsyncClient, session: AsyncSession, settings: Settings, user: User
) -> AsyncClient:
    """From here on, `client` asks as this user."""
    tokens = await logins.log_in(session, events_of(settings), user, DEVICE)
    await session.commit()
    client.headers["Authorization"] = f"Bearer {tokens.access_token}"
    return client


@pytest.fixture
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """The SQL that is sent from here on."""
    sent: list[str] = []

    def keep(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    yield sent
    event.remove(engine.sync_engine, "before_cursor_execute", keep)


@pytest.fixture
async def user(session: AsyncSession) -> User:
    return await create_user(session, "ada@example.com")


@pytest.fixture
async def admin_user(session: AsyncSession) -> User:
    return await create_user(session, "grace@example.com", Role.ADMIN)


@pytest.fixture
async def as_user(
    client: AsyncClient, session: AsyncSession, settings: Settings, user: User
) -> AsyncClient:
    return await log_in(client, session, settings, user)


@pytest.fixture
async def as_admin(
    client: AsyncClient, session: AsyncSession, settings: Settings, admin_user: User
) -> AsyncClient:
    return await log_in(client, session, settings, admin_user)
