import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import NameEmail, Secret, ValidationError

from myapi.mail import delivery
from myapi.mail.delivery import connect_mail
from myapi.mail.message import written
from myapi.mail.settings import EXAMPLE, MailSettings, MailUrl
from myapi.mail.transport import SMTPTransport
from myapi.settings import Settings

pytestmark = pytest.mark.slow

ADA = "ada@example.com"
TEST = written(ADA, "mail/test")


def settings_for(url: str) -> MailSettings:
    return MailSettings(url=Secret(MailUrl(url)))


@pytest.fixture
async def silent() -> AsyncIterator[MailSettings]:
    """A mail server that takes connections and never says a word."""

    async def say_nothing(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield settings_for(f"smtp://127.0.0.1:{port}")


async def test_a_failure_is_logged_without_address_and_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with connect_mail(settings_for("smtp://me:pa%2Fss@localhost:1")) as post:
        await post(TEST)
    log = capsys.readouterr().out
    assert log.count("mail not sent") == 1
    assert "mail/test" in log
    assert "SMTPConnectError" in log
    assert ADA not in log
    assert "ss@" not in log


async def test_a_server_that_hangs_keeps_nobody_waiting(
    silent: MailSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    async with connect_mail(silent) as post:
        for _ in range(delivery.CONNECTIONS + 1):
            await post(TEST)
        assert time.monotonic() - began < 0.5
        await asyncio.sleep(0)
    assert time.monotonic() - began < delivery.GRACE + 0.5
    log = capsys.readouterr().out
    assert log.count("stopped") == delivery.CONNECTIONS + 1


async def test_no_more_mail_is_kept_than_memory_can_hold(
    silent: MailSettings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "WAITING", 1)
    monkeypatch.setattr(delivery, "GRACE", 0)
    async with connect_mail(silent) as post:
        await post(TEST)
        await post(TEST)
        assert capsys.readouterr().out.count("queue full") == 1


async def test_in_development_mail_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with connect_mail(settings_for("console://")) as post:
        await post(TEST)
    assert (
        f"To: {ADA}\nSubject: A test message\n\nIt arrived" in capsys.readouterr().out
    )


def test_a_message_says_who_it_is_from_and_has_both_forms() -> None:
    sender = NameEmail("Shop, Inc.", "no-reply@example.com")
    mime = SMTPTransport(MailUrl("smtp://localhost"), sender).mime(TEST)
    assert mime["From"] == '"Shop, Inc." <no-reply@example.com>'
    assert (mime["To"], mime["Subject"]) == (ADA, "A test message")
    types = [part.get_content_type() for part in mime.iter_parts()]
    assert types == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("url", "start_tls"),
    [
        ("smtp://me:hush@mail.example", True),
        ("smtp://mail.example", None),
        ("smtp://me:hush@localhost", False),
        ("smtp://me:hush@[::1]", False),
        ("smtps://me:hush@mail.example", False),
    ],
)
def test_a_password_leaves_the_machine_under_tls_alone(
    url: str, start_tls: bool | None
) -> None:
    transport = SMTPTransport(MailUrl(url), EXAMPLE)
    assert transport.start_tls is start_tls
    assert transport.use_tls is url.startswith("smtps")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://localhost", "'console', 'smtp' or 'smtps'"),
        ("smtp://", "a host is missing"),
        ("smtp://me:hush/hush@localhost", "port number"),
        ("smtp://localhost/hush", "%2F"),
        ("smtp://me@localhost", "go together"),
    ],
)
def test_a_wrong_url_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, url: str, problem: str
) -> None:
    monkeypatch.setenv("MAIL_URL", url)
    with pytest.raises(ValidationError, match=problem) as refused:
        Settings(_env_file=None)
    assert refused.value.errors()[0]["loc"] == ("mail", "url")
    assert "hush" not in str(refused.value)


def test_production_refuses_mail_that_would_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MAIL_URL")
    monkeypatch.delenv("MAIL_FROM")
    with pytest.raises(ValidationError, match=r"MAIL_URL is console://.*MAIL_FROM is"):
        Settings(environment="production", _env_file=None)
