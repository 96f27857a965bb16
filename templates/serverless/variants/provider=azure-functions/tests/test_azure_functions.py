"""Requests as Azure Functions hands them over, and what goes back."""

import asyncio
import json
import runpy
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import azure.functions as func
import pytest
from fastapi import FastAPI, Request, Response
from starlette.types import Receive, Scope
from starlette.types import Send as ASGISend

from myapi.main import create_app
from myapi.serverless.azure_functions import ClientAddress, create_function_app
from myapi.serverless.started_once import StartedOnce
from myapi.settings import Settings

Function = Callable[
    [func.HttpRequest, func.Context | None], Awaitable[func.HttpResponse]
]
Send = Callable[..., Awaitable[func.HttpResponse]]

ROOT = Path(__file__).parents[1]
URL = "https://api.azurewebsites.net"
ANY_BYTES = bytes(range(256))

HEADERS = {
    "Accept": "*/*",
    "Cookie": "a=1; b=2",
    "Host": "api.azurewebsites.net",
    "Max-Forwards": "10",
    "User-Agent": "curl/8.7.1",
    "X-Forwarded-For": "198.51.100.1, 203.0.113.7:50712",
    "X-Forwarded-Proto": "https",
    "X-Site-Deployment-Id": "api",
}


def function_of(functions: func.FunctionApp) -> Function:
    (function,) = functions.get_functions()
    return cast("Function", function.get_user_function())


def request(path: str, method: str = "GET", body: bytes = b"") -> func.HttpRequest:
    return func.HttpRequest(method, f"{URL}{path}", headers=HEADERS, body=body)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    app = create_app(settings)

    async def echo(request: Request) -> Response:
        return Response(await request.body(), media_type="image/png")

    async def crash(request: Request) -> Response:
        raise RuntimeError("secret detail")

    async def look(request: Request) -> Response:
        seen = {
            "client": request.client and request.client.host,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "query": request.query_params.multi_items(),
            "cookies": request.cookies,
        }
        response = Response(json.dumps(seen), media_type="application/json")
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    app.add_route("/echo", echo, methods=["POST"])
    app.add_route("/crash", crash)
    app.add_route("/look/{name}", look)
    return app


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[Function]:
    started = StartedOnce(app)
    yield function_of(create_function_app(started))
    lifespan = await started.start()
    await lifespan.__aexit__()


@pytest.fixture
async def send(app: FastAPI) -> AsyncIterator[Send]:
    async with serving(app) as function:

        async def send(
            path: str, method: str = "GET", body: bytes = b""
        ) -> func.HttpResponse:
            return await function(request(path, method, body), None)

        yield send


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_a_text_is_answered_as_it_is(send: Send, path: str) -> None:
    answer = await send(path)
    assert answer.status_code == 200
    assert json.loads(answer.get_body()) == {"status": "ok"}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/crash", 500)])
async def test_an_error_is_a_problem(send: Send, path: str, status: int) -> None:
    answer = await send(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.get_body())["status"] == status
    assert b"secret detail" not in answer.get_body()


async def test_bytes_come_and_go_unchanged(send: Send) -> None:
    answer = await send("/echo", "POST", ANY_BYTES)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.get_body() == ANY_BYTES


async def test_the_request_is_the_clients(send: Send) -> None:
    answer = await send("/look/na%C3%AFve?color=red&color=blue&text=a%20%26%20b")
    assert json.loads(answer.get_body()) == {
        "client": "203.0.113.7",  # and not what it says to be
        "scheme": "https",
        "path": "/look/naïve",
        "query": [["color", "red"], ["color", "blue"], ["text", "a & b"]],
        "cookies": {"a": "1", "b": "2"},
    }
    cookies = [c.partition(";")[0] for c in answer.headers.getlist("set-cookie")]
    assert cookies == ["one=1", "two=2"]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("[2001:db8::1]:50712", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("203.0.113.7", "203.0.113.7"),
        ("", None),
    ],
)
async def test_the_clients_address_may_have_a_port(
    forwarded: str, client: str | None
) -> None:
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: ASGISend) -> None:
        seen.append(scope["client"] and scope["client"][0])

    name = b"x-forwarded-for"
    scope: Scope = {"type": "http", "headers": [(name, forwarded.encode())]}
    await ClientAddress(app)(scope, cast("Receive", None), cast("ASGISend", None))
    assert seen == [client]


async def test_it_starts_once_for_requests_that_come_together() -> None:
    starts: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, str]]:
        await asyncio.sleep(0.01)
        starts.append("started")
        yield {"name": "state"}

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def name(request: Request) -> str:
        return cast("str", request.state.name)

    async with serving(app) as function:
        answers = await asyncio.gather(*(function(request("/"), None) for _ in "123"))
    assert [answer.get_body() for answer in answers] == [b'"state"'] * 3
    assert starts == ["started"]


def test_azure_finds_one_function_for_every_route() -> None:
    found = runpy.run_path(str(ROOT / "function_app.py"))["app"]
    (function,) = found.get_functions()
    trigger, answer = json.loads(str(function))["bindings"]
    assert (trigger["type"], trigger["route"]) == ("httpTrigger", "{*path}")
    assert trigger["authLevel"].upper() == "ANONYMOUS"
    assert {"GET", "POST", "PATCH", "DELETE"} <= {m.upper() for m in trigger["methods"]}
    assert answer["type"] == "http"
    host = json.loads((ROOT / "host.json").read_text())
    assert host["extensions"]["http"]["routePrefix"] == ""
