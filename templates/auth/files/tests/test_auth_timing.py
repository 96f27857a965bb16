"""The time of an answer does not tell who has an account."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accounts import PASSWORD
from myapi.auth import passwords
from myapi.auth.models import User
from myapi.db.session import AsyncSession

AUTH = "/api/v1/auth"
ROUNDS = 7
TOLERANCE = 2  # one may take this many times as long as the other

# Cheaper than the default, and still most of the time of a login.
HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=16384, parallelism=1),))

pytestmark = pytest.mark.slow


@pytest.fixture
def noise(slow_passwords: None) -> float:
    """Seconds by which two answers may differ: a quarter of a verification, which is
    what a careless login leaves out."""
    hashed = HASHER.hash(PASSWORD)
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        HASHER.verify(PASSWORD, hashed)
        times.append(time.process_time() - started)
    return min(times) / 4


@pytest.fixture(autouse=True)
async def slow_passwords(
    monkeypatch: pytest.MonkeyPatch,
    cheap_passwords: None,
    session: AsyncSession,
    user: User,
) -> None:
    """Passwords whose verification takes longer than the rest of a login."""
    user.password_hash = nobody = HASHER.hash(PASSWORD)
    await session.commit()
    monkeypatch.setattr(passwords, "_hasher", HASHER)
    monkeypatch.setattr(passwords, "_hash_of_nobody", lambda: nobody)


class Stopwatch:
    """CPU time of all threads until the answer leaves; what is done afterwards, and
    what other processes do, does not count."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.process_time()

        async def send_and_stop(message: Message) -> None:
            self.seconds = time.process_time() - started
            await send(message)

        await self.app(scope, receive, send_and_stop)


@pytest.fixture
async def stopwatch(app: FastAPI, many_mails: None) -> AsyncIterator[Stopwatch]:
    async with LifespanManager(app) as manager:
        yield Stopwatch(manager.app)


@pytest.fixture
async def client(stopwatch: Stopwatch) -> AsyncIterator[AsyncClient]:
    transport = httpx2.ASGITransport(app=stopwatch)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def fastest(
    stopwatch: Stopwatch, *asks: Callable[[], Awaitable[Response]]
) -> list[float]:
    """The shortest time that each takes. They take turns."""
    times: list[list[float]] = [[] for _ in asks]
    for ask in asks:  # the first time takes longer
        await ask()
    for _ in range(ROUNDS):
        for measured, ask in zip(times, asks, strict=True):
            assert (await ask()).status_code in (202, 401)
            measured.append(stopwatch.seconds)
    return [min(measured) for measured in times]


def alike(one: float, other: float, noise: float) -> bool:
    slow, fast = max(one, other), min(one, other)
    return slow < fast * TOLERANCE or slow - fast < noise


async def test_a_login_takes_as_long_for_an_unknown_address(
    client: AsyncClient, stopwatch: Stopwatch, user: User, noise: float
) -> None:
    """Without a verification for unknown addresses, the answer would come early."""

    def log_in(email: str) -> Awaitable[Response]:
        form = {"username": email, "password": "wrong"}
        return client.post(f"{AUTH}/login", data=form)

    known, unknown = await fastest(
        stopwatch, lambda: log_in(user.email), lambda: log_in("nobody@example.com")
    )
    assert alike(known, unknown, noise), (known, unknown, noise)


async def test_a_forgotten_password_takes_as_long_for_an_unknown_address(
    client: AsyncClient, stopwatch: Stopwatch, user: User, noise: float
) -> None:
    def forget(email: str) -> Awaitable[Response]:
        return client.post(f"{AUTH}/password/forgotten", json={"email": email})

    known, unknown = await fastest(
        stopwatch, lambda: forget(user.email), lambda: forget("nobody@example.com")
    )
    assert alike(known, unknown, noise), (known, unknown, noise)
