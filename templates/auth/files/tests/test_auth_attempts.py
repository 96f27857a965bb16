"""Guessing passwords and addresses."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from limits import parse
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from accounts import PASSWORD, events_of
from myapi.auth import attempt_storage
from myapi.auth.attempt_storage import DatabaseStorage, attempts_table
from myapi.auth.attempts import AttemptLimiter, Attempts, network_of
from myapi.auth.errors import TooManyAttemptsError, UnauthorizedError
from myapi.auth.models import User
from myapi.auth.passwords import hash_password, queue
from myapi.db.base import utc_now
from myapi.db.engine import connect
from myapi.db.session import Sessions
from myapi.db.settings import DatabaseSettings
from myapi.mail.message import Message
from myapi.settings import Settings

AUTH = "/api/v1/auth"
EMAIL = "ada@example.com"

ClientAt = Callable[[str], AsyncClient]


async def log_in(
    client: AsyncClient, email: str = EMAIL, password: str = "wrong"
) -> Response:
    form = {"username": email, "password": password}
    return await client.post(f"{AUTH}/login", data=form)


async def statuses(
    client: AsyncClient, count: int, email: str = "{n}@example.com"
) -> list[int]:
    answers = [await log_in(client, email.format(n=n)) for n in range(count)]
    return [answer.status_code for answer in answers]


@pytest.fixture
def small_limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before `client` starts: attempts from one network at an account, from all
    networks at an account, and from one network at all accounts."""
    monkeypatch.setattr(settings.auth, "login_rate", parse("3/minute"))
    monkeypatch.setattr(settings.auth, "account_rate", parse("4/minute"))
    monkeypatch.setattr(settings.auth, "client_rate", parse("5/minute"))


@pytest.fixture
async def client_at(
    small_limits: None, client: AsyncClient, app: FastAPI
) -> AsyncIterator[ClientAt]:
    """Clients with other addresses than `client`."""
    async with LifespanManager(app) as manager:

        def client_at(host: str) -> AsyncClient:
            transport = ASGITransport(app=manager.app, client=(host, 1234))
            return AsyncClient(transport=transport, base_url="http://test")

        yield client_at


@pytest.fixture
def attempts(
    small_limits: None,
    settings: Settings,
    sessions: Sessions,
    read_sessions: Sessions,
) -> Attempts:
    limiter = AttemptLimiter(settings.auth, sessions, read_sessions)
    return Attempts(limiter, limiter.digests("203.0.113.7"), events_of(settings))


@pytest.fixture
async def no_sessions() -> AsyncIterator[Sessions]:
    """Those of a database that is down."""
    url = "postgresql://nobody@127.0.0.1:1/none"
    async with connect(DatabaseSettings.model_validate({"url": url})) as sessions:
        yield sessions


async def test_guesses_at_an_account_are_limited(
    small_limits: None, client: AsyncClient, user: User
) -> None:
    assert await statuses(client, 3, EMAIL) == [401] * 3
    answer = await log_in(client, password=PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert (await log_in(client, "ADA@EXAMPLE.COM")).status_code == 429
    assert (await log_in(client, "eve@example.com")).status_code == 401


async def test_guesses_of_a_client_are_limited(
    small_limits: None, client: AsyncClient, user: User
) -> None:
    assert await statuses(client, 6) == [401] * 5 + [429]


async def test_guesses_from_many_addresses_at_an_account_are_limited(
    client_at: ClientAt, user: User
) -> None:
    answers = [await log_in(client_at(f"203.0.113.{n}")) for n in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429]


async def test_nobody_is_locked_out_where_they_have_logged_in_before(
    client_at: ClientAt, user: User
) -> None:
    office, hotel = client_at("203.0.113.1"), client_at("203.0.113.2")
    assert (await log_in(office, password=PASSWORD)).status_code == 200

    # Strangers guess in the same office, and at this account from everywhere.
    assert 429 in await statuses(office, 6)
    for n in range(5):
        await log_in(client_at(f"198.51.100.{n}"))

    assert (await log_in(office, password=PASSWORD)).status_code == 200
    assert (await log_in(hotel, password=PASSWORD)).status_code == 429
    # There, too, guesses at the account are limited.
    assert await statuses(office, 4, EMAIL) == [401] * 3 + [429]


async def test_a_refused_attempt_does_not_count_at_the_account(
    client_at: ClientAt, user: User
) -> None:
    stranger = client_at("198.51.100.1")
    await statuses(stranger, 5)
    assert await statuses(stranger, 5, EMAIL) == [429] * 5
    answer = await log_in(client_at("203.0.113.1"), password=PASSWORD)
    assert answer.status_code == 200


async def test_a_successful_login_does_not_count(
    small_limits: None, client: AsyncClient, user: User
) -> None:
    for _ in range(8):
        assert (await log_in(client, password=PASSWORD)).status_code == 200
    assert await statuses(client, 3, EMAIL) == [401] * 3


async def test_the_right_password_of_an_unconfirmed_account_is_no_wrong_attempt(
    small_limits: None,
    client: AsyncClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings.auth, "verified_only", True)
    await client.post(f"{AUTH}/users", json={"email": EMAIL, "password": PASSWORD})
    assert await statuses(client, 2, EMAIL) == [401] * 2
    for _ in range(4):
        assert (await log_in(client, password=PASSWORD)).status_code == 403
    # It does not make guesses forgotten either: anybody can register an address.
    assert await statuses(client, 2, EMAIL) == [401, 429]


async def test_a_new_secret_key_keeps_attempts_and_known_networks(
    client_at: ClientAt,
    settings: Settings,
    user: User,
    outbox: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, stranger = client_at("203.0.113.1"), client_at("198.51.100.1")
    assert (await log_in(office, password=PASSWORD)).status_code == 200
    assert await statuses(stranger, 3, EMAIL) == [401] * 3
    keys = [SecretStr("k" * 32), *settings.auth.secret_keys]
    monkeypatch.setattr(settings.auth, "secret_keys", keys)
    assert (await log_in(stranger)).status_code == 429
    for n in range(2, 6):
        await log_in(client_at(f"198.51.100.{n}"))
    assert (await log_in(office, password=PASSWORD)).status_code == 200
    assert outbox == []  # the device is known as well


async def test_an_outage_is_no_wrong_password(
    attempts: Attempts, no_sessions: Sessions
) -> None:
    for _ in range(6):
        with pytest.raises(OperationalError):
            async with attempts.at(EMAIL), no_sessions() as session:
                await session.scalar(select(User))
    for _ in range(3):
        with pytest.raises(UnauthorizedError):
            async with attempts.at(EMAIL):
                raise UnauthorizedError
    with pytest.raises(TooManyAttemptsError):
        async with attempts.at(EMAIL):
            pass


async def test_an_outage_after_the_attempt_does_not_change_the_answer(
    attempts: Attempts, settings: Settings, no_sessions: Sessions
) -> None:
    async with attempts.at(EMAIL):
        attempts.limiter = AttemptLimiter(settings.auth, no_sessions, no_sessions)


async def test_a_new_password_ends_a_lockout(
    client_at: ClientAt, user: User, outbox: list[Message]
) -> None:
    for n in range(5):
        await log_in(client_at(f"198.51.100.{n}"))
    owner = client_at("203.0.113.1")
    assert (await log_in(owner, password=PASSWORD)).status_code == 429

    await owner.post(f"{AUTH}/password/forgotten", json={"email": EMAIL})
    new = "another battery of horses"
    body = {"token": outbox[0].text.split("#token=")[1].split()[0], "new_password": new}
    answer = await owner.post(f"{AUTH}/password/reset", json=body)
    assert answer.status_code == 204
    assert (await log_in(owner, password=new)).status_code == 200


async def test_guesses_with_a_stolen_login_are_limited_as_well(
    small_limits: None, as_user: AsyncClient
) -> None:
    body = {"password": "wrong"}
    answers = [await as_user.post(f"{AUTH}/me/delete", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("password/forgotten", {"email": EMAIL}),
        ("users", {"email": EMAIL, "password": PASSWORD}),
    ],
)
async def test_an_address_gets_three_mails_an_hour(
    client: AsyncClient, path: str, body: dict[str, str]
) -> None:
    answers = [await client.post(f"{AUTH}/{path}", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert 3000 < int(answers[3].headers["retry-after"]) <= 3600


async def test_mail_requested_by_strangers_does_not_block_a_registration(
    client: AsyncClient,
) -> None:
    body = {"email": EMAIL}
    for path in ("password/forgotten", "email/verification"):
        for _ in range(4):
            answer = await client.post(f"{AUTH}/{path}", json=body)
        assert answer.status_code == 429
    new = body | {"password": PASSWORD}
    assert (await client.post(f"{AUTH}/users", json=new)).status_code == 202


async def test_a_client_cannot_send_mail_to_any_number_of_addresses(
    client: AsyncClient,
) -> None:
    found = []
    for n in range(31):
        body = {"email": f"{n}@example.com"}
        answer = await client.post(f"{AUTH}/password/forgotten", json=body)
        found.append(answer.status_code)
    assert found == [202] * 30 + [429]


async def test_logins_are_refused_while_attempts_cannot_be_counted(
    client: AsyncClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise StorageError(ConnectionError())

    monkeypatch.setattr(FixedWindowRateLimiter, "hit", fail)
    assert (await log_in(client, password=PASSWORD)).status_code == 503


async def test_a_full_queue_is_refused_before_the_database_is_asked(
    client: AsyncClient, user: User, statements: list[str]
) -> None:
    new = {"email": "eve@example.com", "password": PASSWORD}
    statements.clear()
    with ExitStack() as places:
        for _ in range(queue.size):
            places.enter_context(queue.place())
        answers = [
            await log_in(client, password=PASSWORD),
            await client.post(f"{AUTH}/users", json=new),
        ]
    for answer in answers:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
    assert statements == []
    assert (await log_in(client, password=PASSWORD)).status_code == 200


async def test_a_password_takes_one_thread_and_little_memory(
    cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert "m=19456,t=2,p=1" in await hash_password(PASSWORD)
    assert queue.threads.total_tokens <= 4


async def test_replicas_count_together(
    sessions: Sessions, read_sessions: Sessions
) -> None:
    one = DatabaseStorage(sessions, read_sessions)
    other = DatabaseStorage(sessions, read_sessions)
    assert [await one.incr("key", 60), await other.incr("key", 60)] == [1, 2]
    assert await other.incr("key", 60, amount=-1) == 1
    assert await one.get("key") == 1
    await other.clear("key")
    assert await one.get("key") == 0
    assert await one.incr("key", 60, amount=-1) == 0


async def test_counts_expire(
    sessions: Sessions, read_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt_storage, "CLEANUP_INTERVAL", 3)
    storage = DatabaseStorage(sessions, read_sessions)
    await storage.incr("renewed", 60)
    await storage.incr("left", 60)
    expired = utc_now() - timedelta(seconds=1)
    async with sessions.begin() as session:
        await session.execute(update(attempts_table).values(expires_at=expired))

    assert await storage.get("renewed") == 0
    assert await storage.incr("renewed", 60) == 1
    assert await storage.get_expiry("renewed") > utc_now().timestamp() + 50
    await storage.incr("third", 60)
    async with sessions() as session:
        keys = (await session.scalars(select(attempts_table.c.key))).all()
    assert set(keys) == {
        attempt_storage.digest("renewed"),
        attempt_storage.digest("third"),
    }


def test_a_client_with_ipv6_is_a_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("203.0.113.7") != network_of("203.0.113.8")
