"""Logins, and the tokens that keep them alive."""

from datetime import timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from accounts import PASSWORD, create_user
from myapi.auth.models import Login, RefreshToken, User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.settings import Settings

AUTH = "/api/v1/auth"


async def log_in(client: AsyncClient, device: str = "tests") -> dict[str, Any]:
    form = {"username": "ADA@example.com", "password": PASSWORD}
    answer = await client.post(
        f"{AUTH}/login", data=form, headers={"User-Agent": device}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    tokens: dict[str, Any] = answer.json()
    return tokens


async def refresh(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token})


async def me(client: AsyncClient, tokens: dict[str, Any]) -> int:
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    return (await client.get(f"{AUTH}/me", headers=header)).status_code


async def test_a_login_gives_tokens_for_a_while(
    client: AsyncClient, user: User
) -> None:
    tokens = await log_in(client)
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 15 * 60
    assert await me(client, tokens) == 200


async def test_a_refresh_token_is_good_for_one_exchange(
    client: AsyncClient, user: User
) -> None:
    first = await log_in(client)
    second = await refresh(client, first["refresh_token"])
    assert await me(client, second.json()) == 200
    assert (await refresh(client, first["refresh_token"])).status_code == 401
    # Within the leeway it may have been a second tab: the login goes on.
    third = await refresh(client, second.json()["refresh_token"])
    assert third.status_code == 200


@pytest.mark.parametrize("refreshes", [1, 12])
async def test_a_refresh_token_that_comes_back_ends_the_login(
    client: AsyncClient,
    user: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    refreshes: int,
) -> None:
    monkeypatch.setattr(settings.auth, "reuse_leeway", timedelta(0))
    first = last = await log_in(client)
    for _ in range(refreshes):
        last = (await refresh(client, last["refresh_token"])).json()
    assert (await refresh(client, first["refresh_token"])).status_code == 401
    assert (await refresh(client, last["refresh_token"])).status_code == 401
    assert await me(client, last) == 401


async def test_a_refresh_token_expires(
    client: AsyncClient,
    user: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings.auth, "refresh_ttl", timedelta(0))
    tokens = await log_in(client)
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401


async def test_logging_out_works_at_once_and_here_alone(
    client: AsyncClient, user: User
) -> None:
    here, there = await log_in(client), await log_in(client)
    body = {"refresh_token": here["refresh_token"]}
    assert (await client.post(f"{AUTH}/logout", json=body)).status_code == 204
    assert await me(client, here) == 401
    assert (await refresh(client, here["refresh_token"])).status_code == 401
    assert await me(client, there) == 200


async def test_logging_out_everywhere(as_user: AsyncClient, user: User) -> None:
    there = await log_in(as_user)
    assert (await as_user.delete(f"{AUTH}/logins")).status_code == 204
    assert (await as_user.get(f"{AUTH}/me")).status_code == 401
    assert await me(as_user, there) == 401
    assert (await refresh(as_user, there["refresh_token"])).status_code == 401


async def test_logins_are_listed_with_devices_and_can_be_ended(
    as_user: AsyncClient, user: User
) -> None:
    phone = await log_in(as_user, device="Phone\x00 7")
    await refresh(as_user, phone["refresh_token"])
    newest, oldest = (await as_user.get(f"{AUTH}/logins")).json()["data"]
    assert (newest["user_agent"], oldest["user_agent"]) == ("Phone 7", "tests")
    assert newest["last_used_at"] > newest["created_at"]

    url = f"{AUTH}/logins/{newest['id']}"
    assert (await as_user.delete(url)).status_code == 204
    assert await me(as_user, phone) == 401
    assert (await as_user.delete(url)).status_code == 404
    assert len((await as_user.get(f"{AUTH}/logins")).json()["data"]) == 1


async def test_nobody_sees_or_ends_the_logins_of_another(
    as_user: AsyncClient, session: AsyncSession
) -> None:
    (mine,) = (await as_user.get(f"{AUTH}/logins")).json()["data"]
    await create_user(session, "eve@example.com")
    form = {"username": "eve@example.com", "password": PASSWORD}
    eve = (await as_user.post(f"{AUTH}/login", data=form)).json()
    header = {"Authorization": f"Bearer {eve['access_token']}"}
    seen = (await as_user.get(f"{AUTH}/logins", headers=header)).json()["data"]
    assert mine["id"] not in [login["id"] for login in seen]
    answer = await as_user.delete(f"{AUTH}/logins/{mine['id']}", headers=header)
    assert answer.status_code == 404
    assert (await as_user.get(f"{AUTH}/me")).status_code == 200


async def test_a_login_forgets_refresh_tokens_that_have_expired(
    client: AsyncClient, user: User, session: AsyncSession
) -> None:
    first = await log_in(client)
    second = (await refresh(client, first["refresh_token"])).json()
    for token in await session.scalars(select(RefreshToken)):
        if token.used_at:
            token.expires_at = utc_now()
    await session.commit()
    await refresh(client, second["refresh_token"])
    assert len((await session.scalars(select(RefreshToken))).all()) == 2


async def test_a_login_deletes_expired_logins_of_all_users(
    client: AsyncClient, user: User, admin_user: User, session: AsyncSession
) -> None:
    long_ago = utc_now() - timedelta(days=31)
    session.add(Login(user_id=admin_user.id, last_used_at=long_ago))
    await session.commit()
    await log_in(client)
    logins = await session.scalars(select(Login))
    assert [login.user_id for login in logins] == [user.id]
