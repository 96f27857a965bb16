from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field
from zxcvbn_rs_py import zxcvbn

from myapi.auth.models import Role
from myapi.pagination import Page

Email = Annotated[EmailStr, AfterValidator(str.lower)]


def refuse_guessable(password: str) -> str:
    # The time that it takes grows faster than the password.
    if zxcvbn(password[:64]).guesses < 10**8:
        raise ValueError("This password is easy to guess.")
    return password


NewPassword = Annotated[
    str,
    Field(min_length=12, max_length=128, json_schema_extra={"format": "password"}),
    AfterValidator(refuse_guessable),
]
Password = Annotated[str, Field(min_length=1, max_length=128)]
Token = Annotated[str, Field(min_length=1, max_length=200)]


class Input(BaseModel):
    """A field that is not there is refused: nobody sets a `role` by chance."""

    model_config = ConfigDict(extra="forbid")


class UserCreate(Input):
    email: Email
    password: NewPassword


class EmailAddress(Input):
    email: Email


class EmailChange(Input):
    email: Email
    password: Password


class EmailConfirmation(Input):
    token: Token


class PasswordChange(Input):
    password: Password
    new_password: NewPassword


class PasswordReset(Input):
    token: Token
    new_password: NewPassword


class PasswordConfirmation(Input):
    password: Password


class Refresh(Input):
    refresh_token: Token


class Tokens(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    role: Role
    email_verified_at: datetime | None
    created_at: datetime


class LoginRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    user_agent: str
    created_at: datetime
    last_used_at: datetime


class LoginPage(Page[LoginRead]):
    """Some of the logins, and where the next ones begin."""
