from httpx2 import AsyncClient


async def test_a_request_id_is_kept(client: AsyncClient) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "abcdefgh-1"})
    assert answer.headers["x-request-id"] == "abcdefgh-1"


async def test_a_request_id_that_could_forge_a_log_line_is_replaced(
    client: AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["x-request-id"]) == 32
