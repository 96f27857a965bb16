"""What happens to accounts: each event is a line in the log, without a secret, and the
owner gets a mail about what somebody else might have done."""

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

WARNINGS = {
    "login_failed",
    "password_not_confirmed",
    "refresh_token_reused",
    "too_many_attempts",
}


@dataclass(frozen=True)
class AccountEvents:
    mailer: Mailer
    settings: AuthSettings
    client: str  # its address

    def record(self, event: str, user_id: UUID | None, **details: str) -> None:
        """Log the event. `details` are ids and reasons, never secrets or addresses."""
        write = log.warning if event in WARNINGS else log.info
        user = str(user_id) if user_id else None
        write(event, user_id=user, client=self.client, **details)

    def password_changed(self, user: User) -> None:
        self.record("password_changed", user.id)
        self.notify(user.email, "New password", "Your account has a new password.")

    def email_changed(self, user: User, former: str) -> None:
        self.record("email_changed", user.id)
        text = (
            "Your account has another address now, and sends no more mail to this one."
        )
        self.notify(former, "New address", text)

    def notify(self, to: str, title: str, text: str) -> None:
        self.mailer.send(to, "auth/notice", title=title, text=text)

    def send_link(
        self, to: str, template: str, page: str, token: str, **context: str
    ) -> None:
        # What follows `#` comes into no log and no Referer header.
        link = f"{str(self.settings.link_url).rstrip('/')}/{page}#token={token}"
        self.mailer.send(to, f"auth/{template}", link=link, **context)


def client_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


async def get_account_events(
    connection: HTTPConnection, mailer: MailerDep, settings: AuthSettingsDep
) -> AccountEvents:
    return AccountEvents(mailer, settings, client_of(connection))


AccountEventsDep = Annotated[AccountEvents, Depends(get_account_events)]
