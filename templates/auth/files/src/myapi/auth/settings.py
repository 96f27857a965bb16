from datetime import timedelta
from typing import Annotated, cast

from fastapi import Depends
from limits import parse
from limits.aio.storage import Storage
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from pydantic import AfterValidator, AnyHttpUrl, BaseModel, SecretStr
from starlette.requests import HTTPConnection

# In the source, so anybody can sign with it.
PLACEHOLDER = SecretStr("insecure-key-for-development-alone")


DATABASE = "database://"


def or_placeholder(key: SecretStr) -> SecretStr:
    return key if key.get_secret_value() else PLACEHOLDER


def rate(value: str) -> str:
    try:
        parse(value)
    except ValueError:
        raise ValueError("not a rate such as 10/15minutes") from None
    return value


def storage(url: str) -> str:
    if url == DATABASE:
        return url
    try:
        open_storage(url)
    except ConfigurationError as error:
        raise ValueError(
            f"not {DATABASE}, or an address such as redis://localhost:6379 ({error})"
        ) from None
    return url


def open_storage(url: str) -> Storage:
    """It connects when it is first used."""
    storage = storage_from_string(
        f"async+{url}", wrap_exceptions=True, implementation="redispy"
    )
    return cast("Storage", storage)


Rate = Annotated[str, AfterValidator(rate)]


class AuthSettings(BaseModel):
    secret_key: Annotated[SecretStr, AfterValidator(or_placeholder)] = PLACEHOLDER
    access_ttl: timedelta = timedelta(minutes=15)
    refresh_ttl: timedelta = timedelta(days=30)
    # Two tabs may refresh at once: within this time the second is only refused.
    reuse_leeway: timedelta = timedelta(seconds=10)

    # The pages that mail leads to: {link_url}/reset-password#token=...
    link_url: AnyHttpUrl = AnyHttpUrl("http://localhost:8000")
    verify_ttl: timedelta = timedelta(days=2)
    reset_ttl: timedelta = timedelta(hours=1)
    # Whether a login needs an address that was confirmed.
    verified_only: bool = False

    # False lets cookies travel by plain http.
    cookie_secure: bool = True

    # Where attempts are counted: database://, redis://host:6379 (with the package
    # redis), or memory:// for a single process.
    attempts_url: Annotated[str, AfterValidator(storage)] = DATABASE
    # Wrong passwords of one client at one account, of one client at all accounts, and
    # of all clients at one account (NIST SP 800-63B: at most 100).
    login_rate: Rate = "10/15minutes"
    client_rate: Rate = "100/15minutes"
    account_rate: Rate = "100/day"
    # Requests for mail to one address, and of one client.
    mail_rate: Rate = "3/hour"
    mail_client_rate: Rate = "30/hour"

    def production_problems(self) -> list[str]:
        problems = []
        key = self.secret_key.get_secret_value()
        if key == PLACEHOLDER.get_secret_value() or len(key) < 32:
            problems.append(
                "AUTH_SECRET_KEY is not set, or shorter than 32 characters: "
                "anybody could log in as anybody"
            )
        if not self.cookie_secure:
            problems.append("AUTH_COOKIE_SECURE=false sends logins unencrypted")
        return problems


async def get_auth_settings(connection: HTTPConnection) -> AuthSettings:
    return cast("AuthSettings", connection.app.state.settings.auth)


AuthSettingsDep = Annotated[AuthSettings, Depends(get_auth_settings)]
