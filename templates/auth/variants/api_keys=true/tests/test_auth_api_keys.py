import json
import os
from datetime import datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import PASSWORD
from myapi.auth.api_keys import keys
from myapi.auth.api_keys.models import APIKey, APIKeyScope
from myapi.auth.deps import CurrentAdmin, CurrentUserId
from myapi.auth.models import User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.mail.message import Message
from myapi.settings import Settings

KEYS = "/api/v1/auth/api-keys"
ME = "/api/v1/auth/me"


async def ask_for_key(client: httpx2.AsyncClient, **fields: object) -> httpx2.Response:
    new = {"name": "deploy", "password": PASSWORD, **fields}
    return await client.post(KEYS, json=new)


async def create(client: httpx2.AsyncClient, **fields: object) -> dict[str, str]:
    answer = await ask_for_key(client, **fields)
    assert answer.status_code == 201, answer.text
    created: dict[str, str] = answer.json()
    return created


async def add_key(
    session: AsyncSession, user: User, end: timedelta = timedelta(days=1)
) -> APIKey:
    row = APIKey(
        user_id=user.id,
        name="added",
        scope=APIKeyScope.WRITE,
        start="x",
        digest=os.urandom(32),
        expires_at=utc_now() + end,
    )
    session.add(row)
    await session.commit()
    return row


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
async def test_a_key_cannot_manage_keys_or_logins(
    as_user: httpx2.AsyncClient, path: str
) -> None:
    created = await create(as_user, scope="write")
    del as_user.headers["Authorization"]
    as_user.headers["X-API-Key"] = created["key"]
    assert (await as_user.get(path)).status_code == 403
    assert (await as_user.delete(f"{path}/{created['id']}")).status_code == 403
    assert (await ask_for_key(as_user)).status_code == 403


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


async def test_the_key_of_another_user_is_not_found(
    as_user: httpx2.AsyncClient, session: AsyncSession, admin_user: User
) -> None:
    row = await add_key(session, admin_user)
    assert (await as_user.get(KEYS)).json()["data"] == []
    assert (await as_user.delete(f"{KEYS}/{row.id}")).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["", "x", "myapi_", "é" * 57, "myapi_" + "a" * 43 + "00000000"],
    ids=repr,
)
async def test_a_malformed_key_is_refused_without_the_database(
    client: httpx2.AsyncClient, engine: AsyncEngine, key: str
) -> None:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert await status_with(client, key) == 401
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert [statement for statement in asked if "api_keys" in statement] == []


async def test_an_unknown_key_is_refused(
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
        {"name": "a", "expires_in_days": 366},
        {"name": "a", "expires_in_days": None},
        {"name": "a", "scope": "admin"},
        {"name": "a", "expires_in_days": 10**9},
        {"name": "a", "user_id": "0198c1f0-0000-7000-8000-000000000000"},
    ],
)
async def test_a_key_with_an_invalid_name_or_expiry_is_refused(
    as_user: httpx2.AsyncClient, new: dict[str, object]
) -> None:
    as_user.headers["Content-Type"] = "application/json"
    body = json.dumps({"password": PASSWORD, **new})
    answer = await as_user.post(KEYS, content=body)
    assert answer.status_code == 422


async def test_a_key_is_made_with_the_password_and_its_owner_is_told(
    as_user: httpx2.AsyncClient,
    user: User,
    outbox: list[Message],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = await ask_for_key(as_user, password="not the password")
    assert answer.status_code == 403
    assert (await as_user.post(KEYS, json={"name": "deploy"})).status_code == 422
    assert outbox == []
    created = await create(as_user)
    (message,) = outbox
    assert (message.to, message.subject) == (user.email, "New API key")
    assert created["key"] not in message.text
    logged = capsys.readouterr().out
    assert "api_key_created" in logged
    assert created["key"] not in logged


async def test_a_key_expires_after_90_days_unless_told_otherwise(
    as_user: httpx2.AsyncClient,
) -> None:
    created = await create(as_user)
    lasts = datetime.fromisoformat(created["expires_at"]) - utc_now()
    assert timedelta(days=89) < lasts <= timedelta(days=90)


async def test_a_read_key_can_only_send_safe_methods(
    as_user: httpx2.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.router, "routes", list(app.router.routes))

    @app.api_route("/anything", methods=["GET", "POST", "DELETE"])
    async def anything(user_id: CurrentUserId) -> UUID:
        return user_id

    statuses = {}
    made = [(await create(as_user, scope=scope))["key"] for scope in APIKeyScope]
    del as_user.headers["Authorization"]
    for scope, key in zip(APIKeyScope, made, strict=True):
        for method in ("GET", "POST", "DELETE"):
            answer = await as_user.request(
                method, "/anything", headers={"X-API-Key": key}
            )
            statuses[scope.value, method] = answer.status_code
    assert statuses == {
        ("read", "GET"): 200,
        ("read", "POST"): 403,
        ("read", "DELETE"): 403,
        ("write", "GET"): 200,
        ("write", "POST"): 200,
        ("write", "DELETE"): 200,
    }


def test_the_openapi_document_says_what_a_key_can_do(app: FastAPI) -> None:
    paths = app.openapi()["paths"]

    def keys_for(path: str, method: str) -> list[object]:
        security = paths[f"/api/v1/auth/{path}"][method]["security"]
        return [one["api_key"] for one in security if "api_key" in one]

    assert keys_for("me", "get") == [["read"]]
    for refused in ("api-keys", "logins"):
        assert keys_for(refused, "get") == []
    for refused in ("api-keys", "me/password", "me/delete"):
        assert keys_for(refused, "post") == []


async def test_a_user_has_a_limited_number_of_keys(
    as_user: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings.auth, "api_key_limit", 2)
    await add_key(session, user, end=-timedelta(days=1))  # does not count any more
    await create(as_user)
    await create(as_user)
    assert (await ask_for_key(as_user)).status_code == 409


async def test_an_account_whose_address_is_not_confirmed_gets_no_key(
    as_user: httpx2.AsyncClient, user: User, session: AsyncSession
) -> None:
    user.email_verified_at = None
    await session.commit()
    answer = await ask_for_key(as_user)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:problem-type:email-not-confirmed"


@pytest.mark.parametrize("way", ["change", "reset", "first proof"])
async def test_keys_end_with_a_new_password_and_the_first_proof_of_the_address(
    as_user: httpx2.AsyncClient,
    user: User,
    session: AsyncSession,
    outbox: list[Message],
    way: str,
) -> None:
    await add_key(session, user)
    auth, new = "/api/v1/auth", "another battery of horses"
    if way == "change":
        body = {"password": PASSWORD, "new_password": new}
        await as_user.post(f"{auth}/me/password", json=body)
    else:
        if way == "first proof":
            user.email_verified_at = None
            await session.commit()
        asked = "password/forgotten" if way == "reset" else "email/verification"
        await as_user.post(f"{auth}/{asked}", json={"email": user.email})
        token = outbox[0].text.partition("#token=")[2].split()[0]
        if way == "reset":
            body = {"token": token, "new_password": new}
            await as_user.post(f"{auth}/password/reset", json=body)
        else:
            await as_user.post(f"{auth}/email/verify", json={"token": token})
    assert (await session.scalars(select(APIKey))).all() == []


async def test_a_key_outlives_the_secret_key_that_it_was_made_with(
    as_user: httpx2.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (await create(as_user))["key"]
    former, new = settings.auth.secret_keys, [SecretStr("another" * 5)]
    monkeypatch.setattr(settings.auth, "secret_keys", new + former)
    assert await status_with(as_user, key) == 200
    monkeypatch.setattr(settings.auth, "secret_keys", new)
    assert await status_with(as_user, key) == 200
    monkeypatch.setattr(settings.auth, "secret_keys", [SecretStr("the third" * 5)])
    assert await status_with(as_user, key) == 401
