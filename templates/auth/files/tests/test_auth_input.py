"""Whatever is typed into a field, no answer is a 500."""

import pytest
from httpx2 import AsyncClient, Response

from accounts import PASSWORD
from myapi.auth.models import User

pytestmark = pytest.mark.slow

AUTH = "/api/v1/auth"

LETTERS = "kxvqzjwpfhtm"  # not easy to guess
ODD = {
    "one letter": "x",
    "12 letters": LETTERS,
    "128 letters": (LETTERS * 11)[:128],
    "512 bytes": "".join(chr(0x1F600 + n * n % 71) for n in range(128)),
    "NUL characters": "\x00".join(LETTERS),
    "control characters": "\x01\x7f\x85\u2028".join(LETTERS),
    "129 letters": (LETTERS * 11)[:129],
    "nothing": "",
    "white space": " ".join(LETTERS),
}


async def register(client: AsyncClient, email: str, password: str) -> Response:
    body = {"email": email, "password": password}
    return await client.post(f"{AUTH}/users", json=body)


async def log_in(client: AsyncClient, email: str, password: str) -> Response:
    form = {"username": email, "password": password}
    return await client.post(f"{AUTH}/login", data=form)


@pytest.mark.parametrize("password", ODD.values(), ids=ODD.keys())
async def test_a_password_may_have_any_characters(
    client: AsyncClient, password: str
) -> None:
    good = 12 <= len(password) <= 128
    answer = await register(client, "ada@example.com", password)
    assert answer.status_code == (202 if good else 422)
    assert password not in answer.text or not password.strip()
    answer = await log_in(client, "ada@example.com", password)
    expected = 401 if password == "x" else 422
    assert answer.status_code == (200 if good else expected)


SURROGATE = b'{"email": "ada@example.com", "password": "\\ud800xxxxxxxxxxxxxxx"}'


async def test_a_lone_surrogate_is_refused(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post(f"{AUTH}/users", content=SURROGATE, headers=headers)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "email",
    ["", "ada", "a\x00b@example.com", "a@b\x00.com", "x" * 400 + "@example.com", "@"],
)
async def test_an_invalid_address_is_refused(client: AsyncClient, email: str) -> None:
    assert (await register(client, email, PASSWORD)).status_code == 422
    answer = await client.post(f"{AUTH}/password/forgotten", json={"email": email})
    assert answer.status_code == 422
    answer = await log_in(client, email, PASSWORD)
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("refresh", "refresh_token"),
        ("logout", "refresh_token"),
        ("email/verify", "token"),
    ],
)
@pytest.mark.parametrize("token", ["x", "\x00", "\N{GRINNING FACE}", "x" * 201])
async def test_an_unknown_token_is_never_an_error_of_the_server(
    client: AsyncClient, user: User, path: str, field: str, token: str
) -> None:
    answer = await client.post(f"{AUTH}/{path}", json={field: token})
    assert answer.status_code in (204, 401, 404, 422)
