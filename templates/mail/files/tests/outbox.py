"""Mail in tests: no message leaves, all are kept in `outbox`."""

import os
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from myapi.mail.delivery import Post
from myapi.mail.deps import get_post
from myapi.mail.message import Message

# For applications other than `app`: production accepts it, and nothing listens there.
os.environ["MAIL_URL"] = "smtp://localhost:1"
os.environ["MAIL_FROM"] = "no-reply@tests.example"


@pytest.fixture(autouse=True)
def outbox(app: FastAPI) -> Iterator[list[Message]]:
    """The messages that left after a response."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def get_keep() -> Post:
        return keep

    app.dependency_overrides[get_post] = get_keep
    yield sent
    app.dependency_overrides.pop(get_post, None)
