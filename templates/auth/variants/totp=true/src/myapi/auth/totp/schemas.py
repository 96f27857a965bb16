from typing import Annotated

from pydantic import BaseModel, StringConstraints

from myapi.auth.schemas import Input, Password

# Six digits of the app, or a recovery code.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{6,32}$")]


class TOTPStatus(BaseModel):
    enabled: bool
    recovery_codes: int


class TOTPEnrolment(BaseModel):
    """For an authenticator app: the URI as a QR code, or the secret to type in."""

    secret: str
    uri: str


class TOTPCode(Input):
    code: Code


class PasswordAndCode(Input):
    password: Password
    code: Code


class RecoveryCodes(BaseModel):
    """Shown this once; each of them stands in for one code of the app."""

    recovery_codes: list[str]
