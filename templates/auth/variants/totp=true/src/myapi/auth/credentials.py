"""What a login is made with, and the user that it leads to."""

from typing import Annotated, Literal

from fastapi import Depends, Form
from pydantic import BaseModel, Field

from myapi.auth.accounts import authenticate
from myapi.auth.attempts import AttemptsDep
from myapi.auth.models import User
from myapi.auth.schemas import Password
from myapi.auth.settings import AuthSettingsDep
from myapi.auth.totp.service import check_code
from myapi.db.deps import SessionDep


class Credentials(BaseModel):
    """The form of OAuth2's password flow; the email address goes into `username`."""

    grant_type: Literal["password"] = "password"
    # No database takes the character NUL.
    username: Annotated[str, Field(max_length=320, pattern=r"^[^\x00]+$")]
    password: Password
    # Of an authenticator app, or a recovery code: from users who have set one up.
    code: Annotated[str, Field(max_length=100)] = ""


async def get_authenticated_user(
    session: SessionDep,
    settings: AuthSettingsDep,
    attempts: AttemptsDep,
    form: Annotated[Credentials, Form()],
) -> User:
    user = await authenticate(session, settings, attempts, form.username, form.password)
    await check_code(session, settings, attempts, user, form.code)
    return user


AuthenticatedUser = Annotated[User, Depends(get_authenticated_user)]
