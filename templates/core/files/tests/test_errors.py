from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel, SecretStr

from myapi.errors import ConflictError
from myapi.main import create_app
from myapi.settings import CORSSettings, Settings

PAGE = "https://page.example"


class Account(BaseModel):
    name: str
    pin: int
    password: SecretStr


@pytest.fixture
def app() -> FastAPI:
    """An application with routes that fail."""
    cors = CORSSettings(origins=[PAGE])
    app = create_app(Settings(environment="test", cors=cors, _env_file=None))

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("secret detail")

    @app.get("/conflict")
    async def conflict() -> None:
        raise ConflictError("The name is taken.")

    @app.post("/accounts")
    async def create_account(account: Account) -> str:
        return account.name

    @app.post("/uploads", max_body_size=2 * 1024 * 1024)
    async def upload(account: Account) -> str:
        return account.name

    return app


async def test_an_unknown_path_is_a_problem(client: AsyncClient) -> None:
    answer = await client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


async def test_an_expected_failure_says_what_is_wrong(client: AsyncClient) -> None:
    answer = await client.get("/conflict")
    assert answer.status_code == 409
    assert answer.json() == {
        "type": "urn:problem-type:conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "The name is taken.",
    }


async def test_a_crash_is_a_problem_that_a_browser_can_read(
    client: AsyncClient,
) -> None:
    answer = await client.get("/crash", headers={"Origin": PAGE})
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.json()["title"] == "Internal Server Error"
    assert "secret" not in answer.text


async def test_a_validation_error_names_the_field_and_not_its_value(
    client: AsyncClient,
) -> None:
    sent = {"name": "Ada", "pin": "12e4x", "password": 987654321}
    answer = await client.post("/accounts", json=sent)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:problem-type:validation-failed"
    locations = [error["loc"] for error in answer.json()["errors"]]
    assert locations == [["body", "pin"], ["body", "password"]]
    assert "12e4x" not in answer.text
    assert "987654321" not in answer.text


@pytest.mark.parametrize("how", ["with its length", "in chunks"])
async def test_a_body_over_the_limit_is_refused(client: AsyncClient, how: str) -> None:
    body = b" " * (1024 * 1024 + 1)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    answer = await client.post(
        "/accounts",
        content=body if how == "with its length" else chunks(),
        headers={"Content-Type": "application/json", "Origin": PAGE},
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == PAGE


async def test_a_route_may_take_a_larger_body(client: AsyncClient) -> None:
    sent = {"name": " " * (1024 * 1024), "pin": 1, "password": "x"}
    answer = await client.post("/uploads", json=sent)
    assert answer.status_code == 200
