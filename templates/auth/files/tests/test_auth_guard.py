"""An endpoint asks for a login, whether its author thought of it or not."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from httpx2 import AsyncClient
from starlette.testclient import TestClient, WebSocketDenialResponse

from accounts import PASSWORD
from myapi.auth.deps import CurrentAdmin, CurrentUser
from myapi.auth.guard import public


@pytest.fixture
def app(app: FastAPI) -> Iterator[FastAPI]:
    """The application, and routes as people add them."""
    before = list(app.router.routes)
    app.openapi_schema = None
    inner, outer = APIRouter(), APIRouter(prefix="/outer")

    @inner.get("/inner")
    async def inner_endpoint() -> str:
        return "inner"

    @app.get("/direct")
    async def direct_endpoint() -> str:
        return "direct"

    @app.get("/open")
    @public
    async def open_endpoint() -> str:
        return "open"

    @app.get("/whoami")
    async def whoami(user: CurrentUser) -> str:
        return user.email

    @app.get("/administrators")
    async def for_administrators(user: CurrentAdmin) -> str:
        return user.email

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    outer.include_router(inner)
    app.include_router(outer)
    yield app
    app.router.routes[:] = before
    app.openapi_schema = None


@pytest.mark.parametrize("path", ["/direct", "/outer/inner", "/whoami"])
async def test_private_endpoints_refuse_anonymous_requests(
    client: AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/direct", "/outer/inner", "/whoami"])
async def test_a_logged_in_user_can_call_private_endpoints(
    as_user: AsyncClient, path: str
) -> None:
    assert (await as_user.get(path)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/open", "/health/live", "/health/ready", "/docs", "/openapi.json"]
)
async def test_a_public_endpoint_ignores_invalid_credentials(
    client: AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 200
    stale = {"Authorization": "Bearer stale"}
    assert (await client.get(path, headers=stale)).status_code == 200


async def test_admin_endpoints_refuse_other_users(
    as_user: AsyncClient,
) -> None:
    answer = await as_user.get("/administrators")
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:problem-type:forbidden"


async def test_an_administrator_can_call_admin_endpoints(as_admin: AsyncClient) -> None:
    assert (await as_admin.get("/administrators")).json() == "grace@example.com"


async def test_a_login_is_read_once_a_request(
    as_user: AsyncClient, statements: list[str]
) -> None:
    await as_user.get("/whoami")
    assert len([s for s in statements if "logins" in s]) == 1


def test_a_websocket_requires_login(app: FastAPI) -> None:
    account = {"email": "socket@example.com", "password": PASSWORD}
    with TestClient(app) as client:
        with (
            pytest.raises(WebSocketDenialResponse) as denied,
            client.websocket_connect("/socket"),
        ):
            pass
        assert denied.value.status_code == 401

        client.post("/api/v1/auth/users", json=account)
        form = {"username": account["email"], "password": PASSWORD}
        token = client.post("/api/v1/auth/login", data=form).json()["access_token"]
        header = {"Authorization": f"Bearer {token}"}
        with client.websocket_connect("/socket", headers=header) as socket:
            assert socket.receive_text() == "hello"


async def test_the_openapi_document_marks_endpoints_that_require_login(
    client: AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    paths = document["paths"]
    ways = paths["/direct"]["get"]["security"]
    assert {"bearer": []} in ways
    assert {"cookie": []} in ways
    assert paths["/outer/inner"]["get"]["security"]
    assert "security" not in paths["/open"]["get"]
    assert "security" not in paths["/health/live"]["get"]
    assert "security" not in paths["/api/v1/auth/login"]["post"]
    assert {"bearer", "cookie"} <= set(document["components"]["securitySchemes"])


def test_the_openapi_document_lists_refusals(app: FastAPI) -> None:
    paths = app.openapi()["paths"]

    def errors(path: str, method: str = "get") -> set[str]:
        listed = {*paths[path][method]["responses"]}
        return {"401", "403", "409"} & listed

    assert errors("/open") == errors("/health/live") == set()
    assert errors("/direct") == {"401"}
    assert errors("/administrators") == {"401", "403"}
    assert errors("/api/v1/auth/login", "post") == {"401", "403", "409"}
    assert errors("/api/v1/auth/logins") == {"401"} | key_refusals(paths)
    assert errors("/api/v1/auth/me/password", "post") == {"401", "403", "409"}


def key_refusals(paths: dict[str, Any]) -> set[str]:
    """Where there are API keys, logins are not for them."""
    return {"403"} if "/api/v1/auth/api-keys" in paths else set()
