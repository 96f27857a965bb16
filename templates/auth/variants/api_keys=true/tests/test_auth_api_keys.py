import json
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from myapi.auth.api_keys import keys
from myapi.auth.api_keys.models import APIKey
from myapi.auth.deps import CurrentAdmin
from myapi.auth.models import User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession

KEYS = "/api/v1/auth/api-keys"
ME = "/api/v1/auth/me"


async def create(client: httpx2.AsyncClient, **fields: object) -> dict[str, str]:
    answer = await client.post(KEYS, json={"name": "deploy", **fields})
    assert answer.status_code == 201, answer.text
    created: dict[str, str] = answer.json()
    return created


async def status_with(client: httpx2.AsyncClient, key: str, path: str = ME) -> int:
    login = client.headers.pop("Authorization", None)
    answer = await client.get(path, headers={b"X-API-Key": key.encode()})
    if login is not None:
        client.headers["Authorization"] = login
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code


async def test_a_key_acts_as_its_owner(as_user: httpx2.AsyncClient, user: User) -> None:
    key = (await create(as_user))["key"]
    del as_user.headers["Authorization"]
    answer = await as_user.get(ME, headers={"X-API-Key": key})
    assert answer.json()["email"] == user.email


async def test_a_key_is_shown_once_and_stored_as_a_digest(
    as_user: httpx2.AsyncClient, session: AsyncSession
) -> None:
    created = await create(as_user)
    (listed,) = (await as_user.get(KEYS)).json()["data"]
    assert "key" not in listed
    assert created["key"].startswith(listed["start"])
    row = await session.get_one(APIKey, UUID(created["id"]))
    assert row.digest != created["key"].encode()
    assert created["key"] not in repr(vars(row))


async def test_a_key_is_known_by_its_last_use(as_user: httpx2.AsyncClient) -> None:
    created = await create(as_user)
    assert created["last_used_at"] is None
    assert await status_with(as_user, created["key"]) == 200
    (listed,) = (await as_user.get(KEYS)).json()["data"]
    assert listed["last_used_at"] is not None


async def test_a_revoked_key_is_refused(as_user: httpx2.AsyncClient) -> None:
    created = await create(as_user)
    answer = await as_user.delete(f"{KEYS}/{created['id']}")
    assert answer.status_code == 204
    assert (await as_user.delete(f"{KEYS}/{created['id']}")).status_code == 404
    assert await status_with(as_user, created["key"]) == 401


async def test_a_key_that_expired_is_refused(
    as_user: httpx2.AsyncClient, session: AsyncSession
) -> None:
    created = await create(as_user, expires_in_days=1)
    assert await status_with(as_user, created["key"]) == 200
    row = await session.get_one(APIKey, UUID(created["id"]))
    row.expires_at = utc_now() - timedelta(seconds=1)
    await session.commit()
    assert await status_with(as_user, created["key"]) == 401


async def test_a_key_of_an_inactive_user_is_refused(
    as_user: httpx2.AsyncClient, session: AsyncSession, user: User
) -> None:
    created = await create(as_user)
    user.is_active = False
    await session.commit()
    assert await status_with(as_user, created["key"]) == 401


@pytest.mark.parametrize("path", [KEYS, "/api/v1/auth/logins"])
async def test_keys_and_logins_are_out_of_a_keys_reach(
    as_user: httpx2.AsyncClient, path: str
) -> None:
    created = await create(as_user)
    del as_user.headers["Authorization"]
    as_user.headers["X-API-Key"] = created["key"]
    assert (await as_user.get(path)).status_code == 403
    assert (await as_user.delete(f"{path}/{created['id']}")).status_code == 403
    answer = await as_user.post(KEYS, json={"name": "another"})
    assert answer.status_code == 403


async def test_a_key_of_an_administrator_is_no_administrator(
    as_admin: httpx2.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.router, "routes", list(app.router.routes))

    @app.get("/for-administrators")
    async def read(admin: CurrentAdmin) -> str:
        return admin.email

    path = "/for-administrators"
    assert (await as_admin.get(path)).status_code == 200
    assert await status_with(as_admin, (await create(as_admin))["key"], path) == 403


async def test_another_users_key_is_not_there(
    as_user: httpx2.AsyncClient, session: AsyncSession, admin_user: User
) -> None:
    row = APIKey(user_id=admin_user.id, name="theirs", start="x", digest=b"x" * 32)
    session.add(row)
    await session.commit()
    assert (await as_user.get(KEYS)).json()["data"] == []
    assert (await as_user.delete(f"{KEYS}/{row.id}")).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["", "x", "myapi_", "é" * 57, "myapi_" + "a" * 43 + "00000000"],
    ids=repr,
)
async def test_what_is_no_key_is_refused_without_the_database(
    client: httpx2.AsyncClient, engine: AsyncEngine, key: str
) -> None:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert await status_with(client, key) == 401
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert [statement for statement in asked if "api_keys" in statement] == []


async def test_a_key_that_was_never_given_out_is_refused(
    client: httpx2.AsyncClient,
) -> None:
    assert await status_with(client, keys.create_key()) == 401


@pytest.mark.parametrize(
    "new",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"name": "a" * 101},
        {"name": "a", "expires_in_days": 0},
        {"name": "a", "expires_in_days": 10**9},
        {"name": "a", "user_id": "0198c1f0-0000-7000-8000-000000000000"},
    ],
)
async def test_a_key_without_a_proper_name_or_end_is_refused(
    as_user: httpx2.AsyncClient, new: dict[str, object]
) -> None:
    as_user.headers["Content-Type"] = "application/json"
    answer = await as_user.post(KEYS, content=json.dumps(new))
    assert answer.status_code == 422
