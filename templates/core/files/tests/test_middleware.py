import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from myapi.main import create_app
from myapi.settings import CORSSettings, Settings

PAGE = "https://page.example"


@pytest.fixture
def app() -> FastAPI:
    """An application that knows one page."""
    cors = CORSSettings(origins=[PAGE])
    return create_app(Settings(environment="test", cors=cors, _env_file=None))


async def test_a_request_id_is_kept(client: AsyncClient) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "abcdefgh-1"})
    assert answer.headers["x-request-id"] == "abcdefgh-1"


async def test_a_request_id_that_could_forge_a_log_line_is_replaced(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["x-request-id"]) == 32


async def test_a_known_page_may_read_the_answer_with_its_id(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={"Origin": PAGE})
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-expose-headers"] == "X-Request-ID"
    assert answer.headers["vary"] == "Origin"


async def test_an_unknown_page_may_not(client: AsyncClient) -> None:
    answer = await client.get("/health/live", headers={"Origin": "https://no.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_cache_does_not_give_a_page_the_answer_to_somebody_else(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"


async def test_a_browser_may_ask_before_it_sends(client: AsyncClient) -> None:
    asks = {"Origin": PAGE, "Access-Control-Request-Method": "DELETE"}
    answer = await client.options("/health/live", headers=asks)
    assert answer.status_code == 200
    assert "DELETE" in answer.headers["access-control-allow-methods"]
