"""Rows that visitors add, and take away again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from locust import HttpUser
from locust.exception import RescheduleTask
from pydantic import BaseModel


@contextmanager
def added(
    visitor: HttpUser, url: str, new: BaseModel, one: str
) -> Iterator[dict[str, Any]]:
    """A row that is made of `new`, and deleted in the end; `one` is its URL, with the
    id in braces."""
    row = sent(visitor, "POST", url, new, url)
    try:
        yield row
    finally:
        visitor.client.delete(f"{url}/{row['id']}", name=one)


def sent(
    visitor: HttpUser, method: str, url: str, body: BaseModel, name: str
) -> dict[str, Any]:
    """The answer to a row. One that is refused ends the visit."""
    with visitor.client.request(
        method,
        url,
        name=name,
        json=body.model_dump(mode="json"),
        catch_response=True,
    ) as answer:
        if answer.status_code == 409:  # another row has the same unique value
            answer.success()
    if answer.status_code >= 400:
        raise RescheduleTask
    return cast("dict[str, Any]", answer.json())
