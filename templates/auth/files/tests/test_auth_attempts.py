"""Guessing passwords and addresses."""

import pytest
from httpx2 import AsyncClient, Response
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

from accounts import PASSWORD
from myapi.auth.attempts import network_of
from myapi.auth.models import User
from myapi.settings import Settings

AUTH = "/api/v1/auth"


async def log_in(
    client: AsyncClient, email: str = "ada@example.com", password: str = "wrong"
) -> Response:
    form = {"username": email, "password": password}
    return await client.post(f"{AUTH}/login", data=form)


@pytest.fixture
def three(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three attempts at an account, five at all of them; before `client` starts."""
    monkeypatch.setattr(settings.auth, "login_rate", "3/minute")
    monkeypatch.setattr(settings.auth, "client_rate", "5/minute")


async def test_guesses_at_an_account_are_limited(
    three: None, client: AsyncClient, user: User
) -> None:
    for _ in range(3):
        assert (await log_in(client)).status_code == 401
    answer = await log_in(client, password=PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert (await log_in(client, "ADA@EXAMPLE.COM")).status_code == 429
    assert (await log_in(client, "eve@example.com")).status_code == 401


async def test_guesses_of_a_client_are_limited(
    three: None, client: AsyncClient, user: User
) -> None:
    for n in range(5):
        assert (await log_in(client, f"{n}@example.com")).status_code == 401
    assert (await log_in(client, "eve@example.com")).status_code == 429


async def test_a_login_that_succeeds_uses_nothing_up(
    three: None, client: AsyncClient, user: User
) -> None:
    for _ in range(8):
        assert (await log_in(client, password=PASSWORD)).status_code == 200


async def test_guesses_with_a_stolen_login_are_limited_as_well(
    three: None, as_user: AsyncClient
) -> None:
    body = {"password": "wrong"}
    answers = [await as_user.post(f"{AUTH}/me/delete", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("password/forgotten", {"email": "ada@example.com"}),
        ("users", {"email": "ada@example.com", "password": PASSWORD}),
    ],
)
async def test_nobody_is_flooded_with_mail(
    three: None, client: AsyncClient, path: str, body: dict[str, str]
) -> None:
    answers = [await client.post(f"{AUTH}/{path}", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]


async def test_nobody_gets_in_while_attempts_cannot_be_counted(
    client: AsyncClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise StorageError(ConnectionError())

    monkeypatch.setattr(FixedWindowRateLimiter, "hit", fail)
    assert (await log_in(client, password=PASSWORD)).status_code == 503


def test_a_client_with_ipv6_is_a_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("203.0.113.7") != network_of("203.0.113.8")
