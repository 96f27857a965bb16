"""What users are told by mail: `mails/`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from myapi.auth.models import User
from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.mail.deps import MailerDep
from myapi.mail.mailer import Mailer


@dataclass(frozen=True)
class AccountEvents:
    mailer: Mailer
    settings: AuthSettings

    def send_verification_link(self, to: str, token: str) -> None:
        link = self.link("verify-email", token)
        self.mailer.send(to, "auth/verify_email", link=link)

    def send_reset_link(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/reset_password", link=link)

    def send_account_exists(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/account_exists", link=link)

    def api_key_created(self, user: User, name: str) -> None:
        self.notify(user.email, "New API key", f'The API key "{name}" was created.')

    def notify(self, to: str, subject: str, text: str) -> None:
        self.mailer.send(to, "auth/notice", title=subject, text=text)

    def link(self, page: str, token: str) -> str:
        # What follows `#` comes into no log and no Referer header.
        return f"{str(self.settings.link_url).rstrip('/')}/{page}#token={token}"


async def get_account_events(
    mailer: MailerDep, settings: AuthSettingsDep
) -> AccountEvents:
    return AccountEvents(mailer, settings)


AccountEventsDep = Annotated[AccountEvents, Depends(get_account_events)]
