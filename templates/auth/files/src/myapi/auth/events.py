"""What happens to accounts: each event is a line in the log, and the owner is told by
mail of what somebody else might have done. No event has a secret in it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.mail.deps import MailerDep
from myapi.mail.mailer import Mailer

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AccountEvents:
    mailer: Mailer
    settings: AuthSettings
    client: str  # its address

    def record(self, event: str, user_id: UUID | None, **details: str) -> None:
        """Log the event. `details` are ids, such as that of an API key."""
        user = str(user_id) if user_id else None
        log.info(event, user_id=user, client=self.client, **details)

    def login_failed(self, user_id: UUID | None, reason: str) -> None:
        """`user_id` is None for an unknown address."""
        user = str(user_id) if user_id else None
        log.warning("login_failed", user_id=user, client=self.client, reason=reason)

    def new_device(self, user: User, device: str) -> None:
        text = f'Somebody logged in on a new device or network: "{device}".'
        self.notify(user, "New login", text)

    def password_changed(self, user: User) -> None:
        self.record("password_changed", user.id)
        self.notify(user, "New password", "Your account has a new password.")

    def email_changed(self, user: User, former: str) -> None:
        self.record("email_changed", user.id)
        text = (
            "Your account has another address now, and sends no more mail to this one."
        )
        self.notify(user, "New address", text, to=former)

    def send_verification_link(self, to: str, token: str) -> None:
        link = self.link("verify-email", token)
        self.mailer.send(to, "auth/verify_email", link=link)

    def send_change_link(self, to: str, token: str, account: str) -> None:
        link = self.link("verify-email", token)
        self.mailer.send(to, "auth/change_email", link=link, account=account)

    def send_reset_link(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/reset_password", link=link)

    def send_account_exists(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/account_exists", link=link)

    def notify(self, user: User, title: str, text: str, to: str = "") -> None:
        self.mailer.send(to or user.email, "auth/notice", title=title, text=text)

    def link(self, page: str, token: str) -> str:
        # What follows `#` comes into no log and no Referer header.
        return f"{str(self.settings.link_url).rstrip('/')}/{page}#token={token}"


def client_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


async def get_account_events(
    connection: HTTPConnection, mailer: MailerDep, settings: AuthSettingsDep
) -> AccountEvents:
    return AccountEvents(mailer, settings, client_of(connection))


AccountEventsDep = Annotated[AccountEvents, Depends(get_account_events)]
