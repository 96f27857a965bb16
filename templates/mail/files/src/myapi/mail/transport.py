"""The ways out: standard output, or a mail server."""

import sys
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Protocol
from urllib.parse import unquote

from aiosmtplib import SMTP, SMTPException
from pydantic import NameEmail

from myapi.mail.message import Message, checked_address
from myapi.mail.settings import MailSettings, MailUrl

TIMEOUT = 10.0  # seconds for each step of a conversation
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Transport(Protocol):
    async def deliver(self, message: Message) -> None: ...


def transport_for(settings: MailSettings) -> Transport:
    url = settings.url.get_secret_value()
    if url.scheme == "console":
        return ConsoleTransport()
    return SMTPTransport(url, settings.sender)


class ConsoleTransport:
    async def deliver(self, message: Message) -> None:
        sys.stdout.write(
            f"\nTo: {message.to}\nSubject: {message.subject}\n\n{message.text}\n"
        )
        sys.stdout.flush()


class SMTPTransport:
    """A mail server, with a connection for each message: one that is kept would have
    to be watched, since servers close it after some idle minutes."""

    def __init__(self, url: MailUrl, sender: NameEmail) -> None:
        self.host = (url.host or "").strip("[]")
        self.port = url.port or (465 if url.scheme == "smtps" else 587)
        self.username = unquote(url.username) if url.username else None
        self.password = unquote(url.password) if url.password else None
        self.use_tls = url.scheme == "smtps"
        self.sender = Address(sender.name, addr_spec=checked_address(sender.email))

    @property
    def start_tls(self) -> bool | None:
        """Whether to turn to TLS; None: if the server offers it."""
        if self.use_tls or self.host in LOOPBACK:
            return False
        return True if self.username else None

    async def deliver(self, message: Message) -> None:
        client = SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.use_tls,
            start_tls=self.start_tls,
            timeout=TIMEOUT,
            local_hostname=self.sender.domain,  # or name servers are asked for ours
        )
        try:
            await client.connect()
            await client.send_message(self.mime(message))
            with suppress(SMTPException):  # the server has the message
                await client.quit()
        finally:
            client.close()

    def mime(self, message: Message) -> EmailMessage:
        mime = EmailMessage()
        mime["From"] = self.sender
        mime["To"] = Address(addr_spec=message.to)
        mime["Subject"] = message.subject
        mime["Date"] = localtime()
        mime["Message-ID"] = make_msgid(domain=self.sender.domain)
        mime["Auto-Submitted"] = "auto-generated"  # no out-of-office replies, please
        mime.set_content(message.text)
        mime.add_alternative(message.html, subtype="html")
        return mime
