from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from httpx2 import AsyncClient

from myapi.errors import ConflictError
from myapi.mail.deps import MailerDep
from myapi.mail.message import Message
from myapi.main import create_app
from myapi.settings import Settings

ADA = "ada@example.com"


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """An application with routes that send mail."""
    app = create_app(settings)

    async def commit(fails: bool = False) -> AsyncIterator[None]:
        yield
        if fails:
            raise ConflictError("The name is taken.")

    @app.post("/mail")
    async def send(
        _: Annotated[None, Depends(commit, scope="function")], mailer: MailerDep
    ) -> None:
        mailer.send(ADA, "mail/test")

    @app.post("/mail/conflict")
    async def send_and_fail(mailer: MailerDep) -> None:
        mailer.send(ADA, "mail/test")
        raise ConflictError("Too late.")

    return app


async def test_mail_leaves_after_the_response(
    client: AsyncClient, outbox: list[Message]
) -> None:
    answer = await client.post("/mail")
    assert answer.status_code == 200
    (message,) = outbox
    assert (message.to, message.subject) == (ADA, "A test message")
    assert message.text.startswith("It arrived")
    assert "<p>It arrived" in message.html


@pytest.mark.parametrize("path", ["/mail/conflict", "/mail?fails=true"])
async def test_a_request_that_fails_sends_nothing(
    client: AsyncClient, outbox: list[Message], path: str
) -> None:
    answer = await client.post(path)
    assert answer.status_code == 409
    assert outbox == []
