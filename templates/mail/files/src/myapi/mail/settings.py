from typing import Annotated

from pydantic import (
    AfterValidator,
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    NameEmail,
    Secret,
    UrlConstraints,
)


class MailUrl(AnyUrl):
    """Where mail goes: `console://`, `smtp://user:password@host:587`, `smtps://host`."""

    _constraints = UrlConstraints(allowed_schemes=["console", "smtp", "smtps"])


def checked(url: MailUrl) -> MailUrl:
    if url.scheme == "console":
        return url
    if not url.host:
        raise ValueError("a host is missing, as in smtp://user:password@host:587")
    if (url.path or "/") != "/" or url.query or url.fragment:
        raise ValueError("nothing may follow host and port; a / in a password is %2F")
    if (url.username is None) != (url.password is None):
        raise ValueError("user and password go together")
    return url


PRINTED = MailUrl("console://")
EXAMPLE = NameEmail("myapi", "no-reply@example.com")


class MailSettings(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    # Secret, because there may be a password in it.
    url: Secret[Annotated[MailUrl, AfterValidator(checked)]] = Secret(PRINTED)
    sender: NameEmail = Field(EXAMPLE, alias="from")

    def production_problems(self) -> list[str]:
        problems = []
        if self.url.get_secret_value().scheme == "console":
            problems.append("MAIL_URL is console://: mail would go nowhere")
        if self.sender.email == EXAMPLE.email:
            problems.append(f"MAIL_FROM is {EXAMPLE.email}: servers would refuse it")
        return problems
