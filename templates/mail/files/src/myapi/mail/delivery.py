"""Mail on its way, beside the requests: none of them waits for a mail server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiosmtplib import SMTPResponseException

from myapi.mail.message import Message
from myapi.mail.settings import MailSettings
from myapi.mail.transport import Transport, transport_for

log = structlog.get_logger(__name__)

CONNECTIONS = 10  # at once
WAITING = 1000  # messages; more are not taken
TIMEOUT = 30.0  # seconds for a message
GRACE = 1.0  # seconds for what is on its way when the application stops

# Takes a message off a request's hands.
Post = Callable[[Message], Awaitable[None]]


class Delivery:
    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.connections = asyncio.Semaphore(CONNECTIONS)
        self.tasks: set[asyncio.Task[None]] = set()

    async def post(self, message: Message) -> None:
        if len(self.tasks) >= WAITING:
            log_lost(message, "queue full")
            return
        task = asyncio.create_task(self.deliver(message))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def deliver(self, message: Message) -> None:
        """Once: a server that is down is down for longer than a retry could wait, and
        one that hangs may have taken the message."""
        try:
            async with self.connections, asyncio.timeout(TIMEOUT):
                await self.transport.deliver(message)
        except asyncio.CancelledError:
            log_lost(message, "stopped")
            raise
        except Exception as error:
            log_lost(message, reason(error))
        else:
            log.info("mail sent", template=message.template)

    async def stop(self) -> None:
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def log_lost(message: Message, reason: str) -> None:
    """Without its text or address: who reads the log need not know them."""
    log.error("mail not sent", template=message.template, reason=reason)


def reason(error: Exception) -> str:
    """The kind of `error` alone: servers repeat addresses and names in their texts."""
    name = type(error).__name__
    return f"{name} {error.code}" if isinstance(error, SMTPResponseException) else name


@asynccontextmanager
async def connect_mail(settings: MailSettings) -> AsyncIterator[Post]:
    delivery = Delivery(transport_for(settings))
    try:
        yield delivery.post
    finally:
        await delivery.stop()
