"""Events, of the forms in which AWS sends them, and what goes back."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI, Request, Response
from mangum.types import LambdaContext
from starlette.types import ASGIApp

from myapi.main import create_app
from myapi.serverless.aws_lambda import LambdaHandler
from myapi.settings import Settings

Answer = dict[str, Any]
Send = Callable[..., Answer]

EVENTS = Path(__file__).parent / "events"
CONTEXT = cast("LambdaContext", None)  # the application does not look at it
ANY_BYTES = bytes(range(256))


@contextmanager
def handling(app: ASGIApp) -> Iterator[LambdaHandler]:
    handler = LambdaHandler(app)
    yield handler
    lifespan = handler.loop.run_until_complete(handler.app.start())
    handler.loop.run_until_complete(lifespan.__aexit__())
    handler.loop.close()


def event(kind: str, path: str, method: str, body: bytes) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{kind}.json").read_text())
    if kind == "load_balancer":
        event |= {"httpMethod": method, "path": path}
    else:
        event["rawPath"] = path
        event["requestContext"]["http"] |= {"method": method, "path": path}
    if body:
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event


def headers(answer: Answer) -> dict[str, list[str]]:
    if "multiValueHeaders" in answer:
        return cast("dict[str, list[str]]", answer["multiValueHeaders"])
    single = {name: [value] for name, value in answer["headers"].items()}
    return single | {"set-cookie": answer.get("cookies", [])}


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
            "query": request.query_params.multi_items(),
            "cookies": request.cookies,
        }
        response = Response(json.dumps(seen), media_type="application/json")
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    app.add_route("/echo", echo, methods=["POST"])
    app.add_route("/crash", crash)
    app.add_route("/look", look)
    return app


@pytest.fixture(params=["api_gateway", "function_url", "load_balancer"])
def send(app: FastAPI, request: pytest.FixtureRequest) -> Iterator[Send]:
    with handling(app) as handler:

        def send(path: str, method: str = "GET", body: bytes = b"") -> Answer:
            return handler(event(request.param, path, method, body), CONTEXT)

        yield send


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_text_is_answered_as_it_is(send: Send, path: str) -> None:
    answer = send(path)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
    assert json.loads(answer["body"]) == {"status": "ok"}
    assert headers(answer)["content-type"] == ["application/json"]


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/crash", 500)])
def test_an_error_is_a_problem(send: Send, path: str, status: int) -> None:
    answer = send(path)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (status, False)
    assert headers(answer)["content-type"] == ["application/problem+json"]
    assert json.loads(answer["body"])["status"] == status
    assert "secret detail" not in answer["body"]


def test_bytes_come_and_go_unchanged(send: Send) -> None:
    answer = send("/echo", "POST", ANY_BYTES)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(answer["body"]) == ANY_BYTES


def test_the_request_is_the_clients(send: Send) -> None:
    answer = send("/look")
    assert json.loads(answer["body"]) == {
        "client": "203.0.113.7",  # and not what it says to be
        "scheme": "https",
        "query": [["color", "red"], ["color", "blue"], ["text", "a & b"]],
        "cookies": {"a": "1", "b": "2"},
    }
    cookies = [cookie.partition(";")[0] for cookie in headers(answer)["set-cookie"]]
    assert cookies == ["one=1", "two=2"]


def test_it_starts_once_and_finishes_what_a_request_leaves_behind() -> None:
    starts: list[str] = []
    done: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, str]]:
        starts.append("started")
        yield {"name": "state"}

    app = FastAPI(lifespan=lifespan)
    tasks = set()

    async def later(name: str) -> None:
        await asyncio.sleep(0.01)
        done.append(name)

    @app.get("/")
    async def leave_behind(request: Request) -> str:
        tasks.add(asyncio.create_task(later(request.state.name)))
        return "ok"

    with handling(app) as handler:
        for count in (1, 2):
            answer = handler(event("api_gateway", "/", "GET", b""), CONTEXT)
            assert answer["body"] == '"ok"'
            assert done == ["state"] * count
    assert starts == ["started"]
