from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from myapi.errors import ConflictError
from myapi.mail.deps import MailerDep
from myapi.mail.message import Message

ADA = "ada@example.com"


@pytest.fixture
def app(app: FastAPI) -> Iterator[FastAPI]:
    """The application, with routes that send mail."""
    before = list(app.router.routes)

    @app.post("/mail")
    async def send(mailer: MailerDep) -> int:
        mailer.send(ADA, "mail/test")
        return len(mailer.messages)

    @app.post("/mail/conflict")
    async def send_and_fail(mailer: MailerDep) -> None:
        mailer.send(ADA, "mail/test")
        raise ConflictError("Too late.")

    yield app
    app.router.routes[:] = before


async def test_mail_leaves_after_the_response(
    client: AsyncClient, outbox: list[Message]
) -> None:
    answer = await client.post("/mail")
    assert answer.json() == 1
    (message,) = outbox
    assert (message.to, message.subject) == (ADA, "A test message")
    assert message.text.startswith("It arrived")
    assert "<p>It arrived" in message.html


async def test_a_request_that_fails_sends_nothing(
    client: AsyncClient, outbox: list[Message]
) -> None:
    answer = await client.post("/mail/conflict")
    assert answer.status_code == 409
    assert outbox == []
