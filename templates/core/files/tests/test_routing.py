import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import Match
from starlette.types import Scope

from myapi.routing import Router


class NeverTried(APIRoute):
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        raise AssertionError(f"tried for {scope['path']}")


async def answer() -> str:
    return "here"


async def status_of(app: FastAPI, path: str) -> int:
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.get(path)).status_code


@pytest.mark.parametrize(
    ("above", "own", "path"),
    [
        ("", "/things", "/things/1"),
        ("/api/v1", "/things", "/api/v1/things/1"),
        ("/{tenant}", "/things", "/acme/things/1"),
        ("/api", "/users/{user}/things", "/api/users/7/things/1"),
        ("/api", "/{kind}", "/api/things/1"),
        ("/api", "", "/api/1"),
    ],
)
async def test_a_router_answers_wherever_it_is_included(
    above: str, own: str, path: str
) -> None:
    router = Router(prefix=own)
    router.get("/1")(answer)
    app = FastAPI()
    app.include_router(router, prefix=above)
    assert await status_of(app, path) == 200
    assert await status_of(app, "/elsewhere") == 404


async def test_the_routes_of_a_router_are_not_tried_for_the_path_of_another() -> None:
    others, things = (
        Router(prefix="/others", route_class=NeverTried),
        Router(prefix="/things"),
    )
    others.get("/1")(answer)
    things.get("/1")(answer)
    app = FastAPI()
    app.include_router(others, prefix="/api")
    app.include_router(things, prefix="/api")
    assert await status_of(app, "/api/things/1") == 200
