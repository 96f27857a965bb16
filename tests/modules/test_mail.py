"""Mail of a project, sent to real servers on loopback: one that takes it, one that
refuses it, one that hangs and one that is down."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from zipfile import ZipFile

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.projects.commands import UV
from tests.projects.conftest import Make
from tests.projects.generated import Generated, ask, free_port

ORDERS = """

@app.get("/orders/{name}")
async def order(name: str, mailer: MailerDep) -> str:
    mailer.send("ada@example.com", "orders/shipped", name=name)
    return "shipped"
"""

SHIPPED = {
    "shipped.txt": '{% set subject = "Shipped: " ~ name %}\n{{ name }}, on its way.\n',
    "shipped.html": '{% extends "mail/layout.html" %}\n'
    "{% block content %}<p>{{ name }}</p>{% endblock %}\n",
}


class Catcher:
    """What a server does with mail: it keeps it, or refuses who it is for."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = False

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.refuses:
            return f"550 {address} lives here no more"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert [message["To"]] == envelope.rcpt_tos
        self.messages.append(message)
        return "250 OK"

    def received(self) -> EmailMessage:
        """The one message, which may come a moment later than the response."""
        until(lambda: bool(self.messages))
        (message,) = self.messages
        return message


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, str]]:
    """A mail server, and its address."""
    catcher = Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield catcher, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture(scope="module")
def shop(make_once: Make) -> Generated:
    """A project with a route that sends mail."""
    project = make_once("shop", "--with", "mail")
    package = project.root / "src" / "shop"
    main = package / "main.py"
    text = main.read_text().replace(
        "\n\n", "\n\nfrom shop.mail.deps import MailerDep\n", 1
    )
    main.write_text(text + ORDERS)
    (package / "orders" / "mails").mkdir(parents=True)
    for name, template in SHIPPED.items():
        (package / "orders" / "mails" / name).write_text(template)
    return project


def test_a_server_gets_what_a_route_sends(
    shop: Generated, catcher: tuple[Catcher, str]
) -> None:
    server, url = catcher
    shop = shop.with_variables(
        MAIL_URL=url, MAIL_FROM='"Shöp, Inc." <no-reply@example.com>'
    )
    with shop.serving() as address:
        assert ask(f"{address}/orders/b%C3%BCcher%20%26%20co").document == "shipped"
        message = server.received()
    assert message["From"].addresses[0].display_name == "Shöp, Inc."
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == "Shipped: bücher & co"
    assert message["Message-ID"].endswith("@example.com>")
    text, html = (part.get_content() for part in message.iter_parts())
    assert text.strip() == "bücher & co, on its way."
    assert "<p>bücher &amp; co</p>" in html
    assert log(shop).count("mail sent") == 1


def test_what_a_server_refuses_is_logged_once_and_the_client_never_sees_it(
    shop: Generated, catcher: tuple[Catcher, str]
) -> None:
    server, url = catcher
    server.refuses = True
    shop = shop.with_variables(MAIL_URL=url)
    with shop.serving() as address:
        assert ask(f"{address}/orders/books").document == "shipped"
        until(lambda: "mail not sent" in log(shop))
    check_failure(shop, "SMTPRecipientsRefused")


def test_a_server_that_is_down_is_logged_once(shop: Generated) -> None:
    shop = shop.with_variables(MAIL_URL=f"smtp://127.0.0.1:{free_port()}")
    with shop.serving() as address:
        assert ask(f"{address}/orders/books").document == "shipped"
        until(lambda: "mail not sent" in log(shop))
    check_failure(shop, "SMTPConnectError")


def test_a_server_that_hangs_delays_neither_the_response_nor_the_end(
    shop: Generated,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        shop = shop.with_variables(MAIL_URL=f"smtp://127.0.0.1:{port}")
        with shop.serving() as address:
            began = time.monotonic()
            assert ask(f"{address}/orders/books").document == "shipped"
            assert time.monotonic() - began < 1
    check_failure(shop, "stopped")


def test_no_password_goes_to_another_machine_without_tls(
    shop: Generated, catcher: tuple[Catcher, str]
) -> None:
    server, url = catcher
    port = url.rpartition(":")[2]
    # This machine too, but not by a name that the application knows it by.
    shop = shop.with_variables(MAIL_URL=f"smtp://me:hush@127.1:{port}")
    report = send_test(shop, expected=1)
    assert "STARTTLS" in report
    assert "hush" not in report
    assert server.messages == []


def test_a_test_message_arrives_or_one_line_says_why_not(
    shop: Generated, catcher: tuple[Catcher, str]
) -> None:
    server, url = catcher
    shop = shop.with_variables(MAIL_URL=url)
    assert send_test(shop, expected=0) == "Sent to ada@example.com.\n"
    assert server.received()["Subject"] == "A test message"

    server.refuses = True
    assert "lives here no more" in send_test(shop, expected=1)
    shop = shop.with_variables(MAIL_URL=f"smtp://127.0.0.1:{free_port()}")
    assert "Connect" in send_test(shop, expected=1)
    shop = shop.with_variables(MAIL_URL="smtp://me:hush/hush@localhost")
    report = send_test(shop, expected=1)
    assert report.startswith("Settings: MAIL_URL: ")
    assert "hush" not in report


def test_the_templates_are_in_the_wheel(shop: Generated) -> None:
    shop.run(UV, "build", "--quiet", "--wheel", "--out-dir", ".venv/dist")
    (wheel,) = (shop.root / ".venv" / "dist").glob("*.whl")
    names = ZipFile(wheel).namelist()
    assert {"shop/mail/mails/layout.html", "shop/orders/mails/shipped.txt"} <= {*names}


def send_test(project: Generated, *, expected: int) -> str:
    """What the command prints: one line, with this exit code."""
    program = '"$0" -m shop.mail.send_test ada@example.com 2>&1; echo $?'
    printed = project.run("sh", "-c", program, f"{project.root}/.venv/bin/python")
    (line, code) = printed.splitlines(keepends=True)
    assert int(code) == expected, printed
    return line


def check_failure(project: Generated, reason: str) -> None:
    """One line, which names the template and nobody's address."""
    text = log(project)
    (line,) = [line for line in text.splitlines() if "mail not sent" in line]
    assert "orders/shipped" in line
    assert re.search(rf"\b{reason}\b", line), line
    assert "request_id" in line
    assert "ada@example.com" not in text


def log(project: Generated) -> str:
    return (project.root / ".venv" / "server.log").read_text()


def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
