from typing import Annotated

from pydantic import BaseModel, StringConstraints

from myapi.auth.schemas import Email

# At most 255 characters of ASCII, says OpenID Connect.
Subject = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,255}$")]


class Profile(BaseModel):
    """Who somebody is, in the words of a provider."""

    subject: Subject
    email: Email | None = None
    email_verified: bool = False
