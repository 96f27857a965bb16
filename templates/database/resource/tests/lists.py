"""What tests of lists share."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from httpx2 import AsyncClient
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection

ADDED = 3
"""How many rows are added while pages are read."""


async def walk(
    client: AsyncClient, url: str, add: Callable[[], Awaitable[object]], **query: str
) -> list[str]:
    """The ids on all pages, from the first to the last; rows are added meanwhile."""
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2, **query}
    for page in range(100):
        answer = await client.get(url, params=params)
        assert answer.status_code == 200, answer.text
        seen += [row["id"] for row in answer.json()["data"]]
        if answer.json()["next"] is None:
            return seen
        params["after"] = answer.json()["next"]
        if page < ADDED:
            await add()
    raise AssertionError("the pages have no end")


@contextmanager
def statements(connection: AsyncConnection) -> Iterator[list[str]]:
    """The statements that the application sends to the database."""
    sent: list[str] = []

    def note(_: Connection, __: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection.sync_connection, "before_cursor_execute", note)
