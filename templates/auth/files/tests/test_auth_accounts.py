"""The life of an account: registration, address, password, end."""

import re
from datetime import timedelta

import pytest
from httpx2 import AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import select, update

from accounts import PASSWORD
from myapi.auth import accounts
from myapi.auth.models import EmailToken, Purpose, Role, User
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.mail.message import Message
from myapi.settings import Settings

AUTH = "/api/v1/auth"
NEW = {"email": "Ada@Example.com", "password": PASSWORD}
ANOTHER = "another battery of horses"


def token_in(message: Message) -> str:
    found = re.search(r"#token=(\S+)", message.text)
    assert found
    return found[1]


async def log_in(
    client: AsyncClient, email: str = "ada@example.com", password: str = PASSWORD
) -> Response:
    form = {"username": email, "password": password}
    return await client.post(f"{AUTH}/login", data=form)


async def forget(client: AsyncClient, email: str) -> Response:
    return await client.post(f"{AUTH}/password/forgotten", json={"email": email})


async def reset(client: AsyncClient, token: str) -> Response:
    body = {"token": token, "new_password": ANOTHER}
    return await client.post(f"{AUTH}/password/reset", json=body)


async def verify(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{AUTH}/email/verify", json={"token": token})


async def test_a_registered_user_can_log_in_and_confirm_the_address(
    client: AsyncClient, outbox: list[Message]
) -> None:
    made = await client.post(f"{AUTH}/users", json=NEW)
    assert made.status_code == 202
    token = (await log_in(client)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    me = (await client.get(f"{AUTH}/me")).json()
    assert (me["email"], me["role"]) == ("ada@example.com", "user")
    assert me["email_verified_at"] is None

    (message,) = outbox
    assert (message.to, message.template) == ("ada@example.com", "auth/verify_email")
    assert (await verify(client, token_in(message))).status_code == 204
    # Whoever registered need not own the address: the login has ended.
    assert (await client.get(f"{AUTH}/me")).status_code == 401
    assert (await verify(client, token_in(message))).status_code == 404
    token = (await log_in(client)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert (await client.get(f"{AUTH}/me")).json()["email_verified_at"]


async def test_registering_twice_tells_the_owner_alone(
    client: AsyncClient, outbox: list[Message], session: AsyncSession
) -> None:
    first = await client.post(f"{AUTH}/users", json=NEW)
    again = await client.post(f"{AUTH}/users", json=NEW | {"password": ANOTHER})
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert outbox[1].template == "auth/account_exists"


@pytest.mark.parametrize("passwords", [(PASSWORD, ANOTHER), (ANOTHER, PASSWORD)])
async def test_registering_the_address_of_another_gives_no_access(
    client: AsyncClient, outbox: list[Message], passwords: tuple[str, str]
) -> None:
    """Whether before the owner or after."""
    for password in passwords:
        await client.post(f"{AUTH}/users", json=NEW | {"password": password})
    await verify(client, token_in(outbox[0]))
    for password in passwords:
        assert (await log_in(client, password=password)).status_code == 401

    await forget(client, "ada@example.com")
    assert (await reset(client, token_in(outbox[-1]))).status_code == 204
    assert (await log_in(client, password=ANOTHER)).status_code == 200


async def test_registering_twice_with_one_password_keeps_it(
    client: AsyncClient, outbox: list[Message]
) -> None:
    for _ in range(2):
        await client.post(f"{AUTH}/users", json=NEW)
    await verify(client, token_in(outbox[0]))
    assert (await log_in(client)).status_code == 200


async def test_registering_the_address_of_a_user_changes_no_password(
    client: AsyncClient, user: User
) -> None:
    await client.post(f"{AUTH}/users", json=NEW | {"password": ANOTHER})
    assert (await log_in(client)).status_code == 200


@pytest.mark.parametrize(
    "field", ["role", "is_admin", "is_active", "id", "email_verified_at"]
)
async def test_nobody_registers_with_more_than_a_name_and_a_password(
    client: AsyncClient, session: AsyncSession, field: str
) -> None:
    answer = await client.post(f"{AUTH}/users", json=NEW | {field: "admin"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", field]
    assert await accounts.find_user(session, "ada@example.com") is None


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "environment", "production")


async def test_in_production_a_login_needs_a_confirmed_address(
    production: None, client: AsyncClient, outbox: list[Message]
) -> None:
    await client.post(f"{AUTH}/users", json=NEW)
    answer = await log_in(client)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:problem-type:email-not-confirmed"
    await verify(client, token_in(outbox[0]))
    assert (await log_in(client)).status_code == 200


async def test_a_registration_and_a_login_do_not_tell_who_has_an_account(
    production: None,
    client: AsyncClient,
    user: User,
    session: AsyncSession,
) -> None:
    session.add(User(email="inactive@example.com", is_active=False))
    await session.commit()
    addresses = (user.email, "inactive@example.com", "free@example.com")

    async def register() -> set[int]:
        bodies = [{"email": email, "password": ANOTHER} for email in addresses]
        made = [await client.post(f"{AUTH}/users", json=body) for body in bodies]
        return {answer.status_code for answer in made}

    async def logins() -> set[tuple[int, str]]:
        made = [await log_in(client, email, ANOTHER) for email in addresses]
        return {(answer.status_code, problem_in(answer)) for answer in made}

    assert await register() == {202}
    assert await logins() == {(403, "email-not-confirmed")}
    assert await register() == {202}
    assert await logins() == {(403, "email-not-confirmed")}
    await session.execute(update(EmailToken).values(expires_at=utc_now()))
    await session.commit()
    assert await logins() == {(401, "unauthorized")}
    for _ in range(9):
        assert await logins() == {(401, "unauthorized")}
    assert await logins() == {(429, "too-many-attempts")}


def problem_in(answer: Response) -> str:
    kind: str = answer.json()["type"]
    return kind.removeprefix("urn:problem-type:")


async def test_a_new_secret_key_keeps_registrations(
    production: None,
    client: AsyncClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await client.post(f"{AUTH}/users", json=NEW)
    keys = [SecretStr("k" * 32), *settings.auth.secret_keys]
    monkeypatch.setattr(settings.auth, "secret_keys", keys)
    assert (await log_in(client)).status_code == 403


@pytest.mark.parametrize(
    ("page", "path"),
    [("verify-email", "email/verify"), ("reset-password", "password/reset")],
)
async def test_links_say_where_the_token_goes_until_there_are_pages(
    client: AsyncClient, page: str, path: str
) -> None:
    base = str(AuthSettings.model_fields["link_url"].default).partition("8000")[2]
    answer = await client.get(f"{base}/{page}")
    assert answer.status_code == 200
    assert f"POST {AUTH}/{path}" in answer.text


async def test_the_link_that_confirms_is_sent_again_on_request(
    client: AsyncClient, user: User, session: AsyncSession, outbox: list[Message]
) -> None:
    async def ask(email: str = user.email) -> int:
        answer = await client.post(f"{AUTH}/email/verification", json={"email": email})
        assert answer.content == b""
        return answer.status_code

    assert await ask() == 202
    assert await ask("nobody@example.com") == 202
    assert outbox == []  # there is nothing to confirm
    user.email_verified_at = None
    await session.commit()
    assert await ask() == 202
    assert (await verify(client, token_in(outbox[0]))).status_code == 204


async def test_a_new_password_ends_logins_and_links(
    as_user: AsyncClient, user: User, outbox: list[Message]
) -> None:
    await forget(as_user, user.email)
    refresh = (await log_in(as_user)).json()["refresh_token"]
    change = {"password": PASSWORD, "new_password": ANOTHER}
    answer = await as_user.post(f"{AUTH}/me/password", json=change)
    assert answer.status_code == 204

    assert (await as_user.get(f"{AUTH}/me")).status_code == 401
    renewed = await as_user.post(f"{AUTH}/refresh", json={"refresh_token": refresh})
    assert renewed.status_code == 401
    assert (await reset(as_user, token_in(outbox[0]))).status_code == 404
    assert (await log_in(as_user)).status_code == 401
    assert (await log_in(as_user, password=ANOTHER)).status_code == 200


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("me/password", {"new_password": ANOTHER}),
        ("me/email", {"email": "new@example.com"}),
        ("me/delete", {}),
    ],
)
async def test_account_changes_require_the_password(
    as_user: AsyncClient, path: str, more: dict[str, str]
) -> None:
    body = {"password": "a wrong password", **more}
    answer = await as_user.post(f"{AUTH}/{path}", json=body)
    assert answer.status_code == 403
    assert (await as_user.get(f"{AUTH}/me")).status_code == 200


async def test_a_forgotten_password_is_reset_by_mail_once(
    as_user: AsyncClient, user: User, outbox: list[Message]
) -> None:
    answer = await forget(as_user, user.email)
    assert answer.status_code == 202
    (message,) = outbox
    assert message.to == user.email
    assert (await reset(as_user, token_in(message))).status_code == 204
    assert (await reset(as_user, token_in(message))).status_code == 404
    assert (await as_user.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(as_user, password=ANOTHER)).status_code == 200


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: AsyncClient, user: User, outbox: list[Message]
) -> None:
    known = await forget(client, user.email)
    unknown = await forget(client, "nobody@example.com")
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    assert [message.to for message in outbox] == [user.email]


async def test_a_link_has_one_purpose(
    client: AsyncClient, user: User, outbox: list[Message]
) -> None:
    await forget(client, user.email)
    assert (await verify(client, token_in(outbox[0]))).status_code == 404
    assert (await reset(client, token_in(outbox[0]))).status_code == 204


async def test_a_link_expires(
    client: AsyncClient,
    user: User,
    outbox: list[Message],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings.auth, "reset_ttl", timedelta(0))
    await forget(client, user.email)
    assert (await reset(client, token_in(outbox[0]))).status_code == 404


async def test_a_link_is_bound_to_the_address(
    client: AsyncClient, user: User, session: AsyncSession, outbox: list[Message]
) -> None:
    await forget(client, user.email)
    user.email = "new@example.com"
    await session.commit()
    assert (await reset(client, token_in(outbox[0]))).status_code == 404


async def test_a_new_address_counts_when_it_is_confirmed(
    as_user: AsyncClient, user: User, outbox: list[Message]
) -> None:
    await forget(as_user, user.email)
    change = {"email": "new@example.com", "password": PASSWORD}
    assert (await as_user.post(f"{AUTH}/me/email", json=change)).status_code == 202
    assert (await as_user.get(f"{AUTH}/me")).json()["email"] == "ada@example.com"

    to_the_old, to_the_new = outbox
    assert to_the_new.to == "new@example.com"
    assert (await verify(as_user, token_in(to_the_new))).status_code == 204
    assert (await as_user.get(f"{AUTH}/me")).json()["email"] == "new@example.com"
    assert (await reset(as_user, token_in(to_the_old))).status_code == 404


async def test_an_address_that_was_taken_meanwhile_is_a_conflict(
    as_user: AsyncClient, session: AsyncSession, outbox: list[Message]
) -> None:
    change = {"email": "new@example.com", "password": PASSWORD}
    await as_user.post(f"{AUTH}/me/email", json=change)
    session.add(User(email="new@example.com"))
    await session.commit()
    assert (await verify(as_user, token_in(outbox[0]))).status_code == 409


async def test_a_deleted_account_is_gone(as_user: AsyncClient) -> None:
    body = {"password": PASSWORD}
    assert (await as_user.post(f"{AUTH}/me/delete", json=body)).status_code == 204
    assert (await as_user.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(as_user)).status_code == 401


async def test_an_inactive_account_cannot_log_in(
    as_user: AsyncClient, user: User, session: AsyncSession, outbox: list[Message]
) -> None:
    refresh = (await log_in(as_user)).json()["refresh_token"]
    user.is_active = False
    await session.commit()
    assert (await as_user.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(as_user)).status_code == 401
    renewed = await as_user.post(f"{AUTH}/refresh", json={"refresh_token": refresh})
    assert renewed.status_code == 401
    outbox.clear()
    await forget(as_user, user.email)
    assert outbox == []


async def test_an_account_without_a_password_has_none_that_fits(
    client: AsyncClient, session: AsyncSession
) -> None:
    session.add(User(email="ada@example.com", role=Role.USER))
    await session.commit()
    assert (await log_in(client, password="None")).status_code == 401


async def test_an_account_without_a_password_says_how_to_get_one(
    as_user: AsyncClient, user: User, session: AsyncSession
) -> None:
    user.password_hash = None
    await session.commit()
    body = {"password": PASSWORD}
    answer = await as_user.post(f"{AUTH}/me/delete", json=body)
    assert answer.status_code == 403
    assert "/auth/password/forgotten" in answer.json()["detail"]


@pytest.mark.parametrize("proof", ["verify", "reset"])
async def test_the_first_proof_of_an_address_ends_logins(
    client: AsyncClient, outbox: list[Message], proof: str
) -> None:
    await client.post(f"{AUTH}/users", json=NEW)
    token = (await log_in(client)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    if proof == "verify":
        await verify(client, token_in(outbox[0]))
    else:
        await forget(client, "ada@example.com")
        await reset(client, token_in(outbox[1]))
    assert (await client.get(f"{AUTH}/me")).status_code == 401


async def test_a_new_link_deletes_expired_links_of_all_users(
    client: AsyncClient, user: User, admin_user: User, session: AsyncSession
) -> None:
    expired = EmailToken(
        user_id=admin_user.id,
        purpose=Purpose.RESET_PASSWORD,
        email=admin_user.email,
        digest=b"x" * 32,
        expires_at=utc_now() - timedelta(seconds=1),
    )
    session.add(expired)
    await session.commit()
    await forget(client, user.email)
    left = await session.scalars(select(EmailToken))
    assert [token.user_id for token in left] == [user.id]


@pytest.mark.parametrize("password", ["password1234", "aaaaaaaaaaaa", "qwertyuiop12"])
async def test_a_password_that_is_easy_to_guess_is_refused(
    client: AsyncClient, password: str
) -> None:
    answer = await client.post(f"{AUTH}/users", json=NEW | {"password": password})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["loc"] == ["body", "password"]
    assert "easy to guess" in error["msg"]
