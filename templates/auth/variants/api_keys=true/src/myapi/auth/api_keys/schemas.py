from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from myapi.auth.schemas import Input


def printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has characters that cannot be printed")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(printable),
]


class APIKeyCreate(Input):
    name: Name
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class APIKeyRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    start: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class APIKeyCreated(APIKeyRead):
    """The only answer that has the key itself."""

    key: str
