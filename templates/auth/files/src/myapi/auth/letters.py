"""What is sent by mail: `mails/`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from myapi.auth.settings import AuthSettings, AuthSettingsDep
from myapi.mail.deps import MailerDep
from myapi.mail.mailer import Mailer


@dataclass(frozen=True)
class Letters:
    mailer: Mailer
    settings: AuthSettings

    def verify_email(self, to: str, token: str) -> None:
        link = self.link("verify-email", token)
        self.mailer.send(to, "auth/verify_email", link=link)

    def account_exists(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/account_exists", link=link)

    def reset_password(self, to: str, token: str) -> None:
        link = self.link("reset-password", token)
        self.mailer.send(to, "auth/reset_password", link=link)

    def link(self, page: str, token: str) -> str:
        # What follows `#` comes into no log and no Referer header.
        return f"{str(self.settings.link_url).rstrip('/')}/{page}#token={token}"


async def get_letters(mailer: MailerDep, settings: AuthSettingsDep) -> Letters:
    return Letters(mailer, settings)


LettersDep = Annotated[Letters, Depends(get_letters)]
