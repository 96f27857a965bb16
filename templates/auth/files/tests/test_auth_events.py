"""What is logged about accounts, and what their owners are told."""

import re

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from accounts import PASSWORD
from clients import client_of
from myapi.auth.models import User
from myapi.mail.message import Message

AUTH = "/api/v1/auth"
ANOTHER = "another battery of horses"
WRONG = "a password that is wrong"


def events_in(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if "myapi.auth.events" in line]
    assert all("client=127.0.0.1" in line for line in lines)
    return [line.split("]")[1].split()[0] for line in lines]


def token_in(message: Message) -> str:
    return message.text.partition("#token=")[2].split()[0]


async def log_in(
    client: AsyncClient, email: str, password: str, device: str = "tests"
) -> dict[str, str]:
    form = {"username": email, "password": password}
    answer = await client.post(
        f"{AUTH}/login", data=form, headers={"User-Agent": device}
    )
    tokens: dict[str, str] = answer.json()
    return tokens


async def test_security_events_are_logged_without_secrets(
    client: AsyncClient, outbox: list[Message], capsys: pytest.CaptureFixture[str]
) -> None:
    email, new_email = "ada@example.com", "new@example.com"

    async def post(path: str, **body: str) -> None:
        answer = await client.post(f"{AUTH}/{path}", json=body)
        assert answer.is_success, answer.text

    await post("users", email=email, password=PASSWORD)
    await post("email/verify", token=token_in(outbox[-1]))
    await log_in(client, email, WRONG)
    await log_in(client, "nobody@example.com", WRONG)
    tokens = await log_in(client, email, PASSWORD)
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    await client.post(f"{AUTH}/me/delete", json={"password": WRONG})
    await post("me/email", email=new_email, password=PASSWORD)
    await post("email/verify", token=token_in(outbox[-1]))
    await post("me/password", password=PASSWORD, new_password=ANOTHER)
    await post("password/forgotten", email=new_email)
    await post("password/reset", token=token_in(outbox[-1]), new_password=PASSWORD)
    again = await log_in(client, new_email, PASSWORD)
    client.headers["Authorization"] = f"Bearer {again['access_token']}"
    await post("me/delete", password=PASSWORD)

    text = capsys.readouterr().out
    assert events_in(text) == [
        "registered",
        "email_confirmed",
        "login_failed",
        "login_failed",
        "login_succeeded",
        "password_not_confirmed",
        "email_changed",
        "password_changed",
        "password_changed",
        "login_succeeded",
        "account_deleted",
    ]
    secrets = [PASSWORD, ANOTHER, WRONG, email, new_email]
    for given in (tokens, again):
        secrets += [given["access_token"], given["refresh_token"]]
    secrets += [token_in(message) for message in outbox if "#token=" in message.text]
    assert len(secrets) == 12
    assert [secret for secret in secrets if secret in text] == []


async def test_a_failed_login_names_the_user_and_the_reason(
    client: AsyncClient, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    await log_in(client, user.email, WRONG)
    (line,) = [x for x in capsys.readouterr().out.splitlines() if "login_failed" in x]
    assert f"user_id={user.id}" in line
    assert "reason=password" in line


async def test_a_lockout_is_logged_with_its_limit(
    client: AsyncClient, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(11):
        await log_in(client, user.email, WRONG)
    text = capsys.readouterr().out
    assert events_in(text) == ["login_failed"] * 10 + ["too_many_attempts"]
    assert re.search(r"too_many_attempts .*limit=login", text)
    assert user.email not in text


async def test_the_owner_is_told_of_a_new_password(
    as_user: AsyncClient, user: User, outbox: list[Message]
) -> None:
    change = {"password": PASSWORD, "new_password": ANOTHER}
    await as_user.post(f"{AUTH}/me/password", json=change)
    assert [(m.to, m.subject) for m in outbox] == [(user.email, "New password")]


async def test_the_former_address_is_told_of_a_new_one(
    as_user: AsyncClient, user: User, outbox: list[Message]
) -> None:
    change = {"email": "new@example.com", "password": PASSWORD}
    await as_user.post(f"{AUTH}/me/email", json=change)
    assert outbox[0].template == "auth/change_email"
    assert user.email in outbox[0].text
    await as_user.post(f"{AUTH}/email/verify", json={"token": token_in(outbox[0])})
    assert (outbox[1].to, outbox[1].subject) == ("ada@example.com", "New address")


async def test_the_owner_is_told_of_a_login_on_a_new_device(
    client: AsyncClient, user: User, outbox: list[Message]
) -> None:
    await log_in(client, user.email, PASSWORD, device="Laptop")
    await log_in(client, user.email, PASSWORD, device="Laptop")
    assert outbox == []
    await log_in(client, user.email, PASSWORD, device="Phone")
    assert [(m.to, m.subject) for m in outbox] == [(user.email, "New login")]
    assert "Phone" in outbox[0].text


async def test_the_owner_is_told_of_a_login_on_a_new_network(
    client: AsyncClient, app: FastAPI, user: User, outbox: list[Message]
) -> None:
    await log_in(client, user.email, PASSWORD)
    async with client_of(app, "198.51.100.1") as thief:
        await log_in(thief, user.email, PASSWORD)
    assert [(m.to, m.subject) for m in outbox] == [(user.email, "New login")]


async def test_the_request_log_names_the_user_and_shares_the_request_id(
    client: AsyncClient, user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = await log_in(client, user.email, PASSWORD)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    capsys.readouterr()
    await client.get(f"{AUTH}/me", headers=bearer)
    await client.get(f"{AUTH}/me")
    await client.delete(f"{AUTH}/logins", headers=bearer)
    output = capsys.readouterr().out.splitlines()
    known, unknown, ended = [line for line in output if "operation=" in line]
    assert "operation=read_me" in known
    assert f"user_id={user.id}" in known
    assert "user_id=None" in unknown
    (event,) = [line for line in output if "logins_ended" in line]
    assert request_id_in(event) == request_id_in(ended) != request_id_in(known)


def request_id_in(line: str) -> str:
    (found,) = re.findall(r"request_id=(\w+)", line)
    assert isinstance(found, str)
    return found
