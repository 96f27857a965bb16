import asyncio

import pytest
from fastapi import Request
from httpx2 import AsyncClient

from myapi import health


async def test_a_running_process_is_live(client: AsyncClient) -> None:
    answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_a_monitor_may_ask_for_the_head_alone(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(health, "CHECKS", {})
    answer = await client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_it_is_ready_when_every_check_passes(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer_at_once(_: Request) -> None:
        return None

    monkeypatch.setattr(health, "CHECKS", {"cache": answer_at_once})
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_failed_check_is_named(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: Request) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(health, "CHECKS", {"cache": refuse})
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem-type:not-ready"
    assert answer.json()["detail"] == "No answer from cache."


async def test_checks_run_at_once_and_none_waits_for_ever(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: Request) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(health, "TIMEOUT", 0.1)
    monkeypatch.setattr(health, "CHECKS", {"cache": hang, "search": hang})
    async with asyncio.timeout(5):
        answer = await client.get("/health/ready")
    assert answer.json()["detail"] == "No answer from cache, search."
