"""Credentials that do not hold: each is a 401, and none a 500."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from httpx2 import AsyncClient
from pydantic import SecretStr

from accounts import DEVICE, events_of
from myapi.auth import logins
from myapi.auth.models import User
from myapi.auth.tokens import AccessToken, derived_keys
from myapi.db.session import AsyncSession
from myapi.settings import Settings

ME = "/api/v1/auth/me"
NOBODY = "00000000-0000-7000-8000-000000000000"


async def claims_of(as_user: AsyncClient) -> dict[str, Any]:
    token = as_user.headers["Authorization"].removeprefix("Bearer ")
    return jwt.decode(token, options={"verify_signature": False})


def header_of(as_user: AsyncClient) -> dict[str, Any]:
    token = as_user.headers["Authorization"].removeprefix("Bearer ")
    return jwt.get_unverified_header(token)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "myapi:other"},
        {"aud": None},
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"iss": "other"},
        {"iss": None},
        {"sub": None},
        {"sub": 7},
        {"sub": "7"},
        {"sub": NOBODY},
        {"sid": None},
        {"sid": ["7"]},
        {"sid": NOBODY},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_or_missing_claim_is_refused(
    as_user: AsyncClient, settings: Settings, change: dict[str, Any]
) -> None:
    claims = await claims_of(as_user) | change
    kept = {name: value for name, value in claims.items() if value is not None}
    key = derived_keys(settings.auth, "access")[0]
    token = jwt.encode(kept, key, "HS256", headers=header_of(as_user))
    await refuses(as_user, f"Bearer {token}")


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
async def test_a_token_with_another_algorithm_is_refused(
    as_user: AsyncClient, settings: Settings, algorithm: str
) -> None:
    key = derived_keys(settings.auth, "access")[0] * 2 if algorithm != "none" else ""
    claims, header = await claims_of(as_user), header_of(as_user) | {"alg": algorithm}
    token = jwt.encode(claims, key, algorithm, headers=header)
    await refuses(as_user, f"Bearer {token}")


async def test_a_token_signed_with_another_key_is_refused(as_user: AsyncClient) -> None:
    claims, header = await claims_of(as_user), header_of(as_user)
    for kid in (header["kid"], "unknown", ""):
        token = jwt.encode(claims, "k" * 32, "HS256", headers={"kid": kid})
        await refuses(as_user, f"Bearer {token}")
    token = jwt.encode(claims, "k" * 32, "HS256")
    await refuses(as_user, f"Bearer {token}")


async def test_a_token_for_another_purpose_is_refused(
    as_user: AsyncClient, settings: Settings
) -> None:
    class OtherToken(AccessToken):
        purpose = "other"

    claims = await claims_of(as_user)
    token = OtherToken(sub=claims["sub"], sid=claims["sid"])
    await refuses(as_user, f"Bearer {token.signed(settings.auth, timedelta(1))}")


async def test_a_token_of_a_former_key_holds_as_long_as_that_is_configured(
    as_user: AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, new = settings.auth.secret_keys, [SecretStr("another" * 5)]
    monkeypatch.setattr(settings.auth, "secret_keys", new + former)
    assert (await as_user.get(ME)).status_code == 200
    monkeypatch.setattr(settings.auth, "secret_keys", new)
    assert (await as_user.get(ME)).status_code == 401


@pytest.mark.parametrize("part", [0, 1, 2])
async def test_a_tampered_token_is_refused(as_user: AsyncClient, part: int) -> None:
    header = as_user.headers["Authorization"].removeprefix("Bearer ")
    parts = header.split(".")
    parts[part] = "A" + parts[part][1:] if parts[part][0] != "A" else "B"
    await refuses(as_user, f"Bearer {'.'.join(parts)}")


async def test_a_refresh_token_is_no_access_token(
    as_user: AsyncClient, user: User, session: AsyncSession, settings: Settings
) -> None:
    tokens = await logins.log_in(session, events_of(settings), user, DEVICE)
    await session.commit()
    await refuses(as_user, f"Bearer {tokens.refresh_token}")


DEEP = base64.urlsafe_b64encode(b"[" * 40_000).decode()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer \xe9\xff",
        f"Bearer {DEEP}.{DEEP}.e30",
        "Basic YWRhOnBhc3N3b3Jk",
        "Token",
        "," * 5000,
    ],
    ids=lambda header: header[:20],
)
async def test_a_malformed_authorization_header_is_refused(
    as_user: AsyncClient, header: str
) -> None:
    await refuses(as_user, header)


@pytest.mark.parametrize(
    "cookie",
    ["__Host-access", "__Host-access=", "__Host-access=a.b.c", "=;=;;", "\xe9=\xff"],
)
async def test_a_malformed_cookie_is_refused(client: AsyncClient, cookie: str) -> None:
    answer = await client.get(ME, headers={b"Cookie": cookie.encode("latin-1")})
    assert answer.status_code == 401


async def refuses(client: AsyncClient, header: str) -> None:
    headers = {b"Authorization": header.encode("latin-1")}
    answer = await client.get(ME, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_user_and_the_login_are_read_in_one_statement(
    as_user: AsyncClient, statements: list[str]
) -> None:
    assert (await as_user.get(ME)).status_code == 200
    [statement] = [s for s in statements if "logins" in s]
    assert "users" in statement


async def test_a_token_holds_for_fifteen_minutes(as_user: AsyncClient) -> None:
    expires = datetime.fromtimestamp((await claims_of(as_user))["exp"], UTC)
    left = expires - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
