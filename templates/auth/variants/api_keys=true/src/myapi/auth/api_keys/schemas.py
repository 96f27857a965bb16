from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from myapi.auth.schemas import Input
from myapi.pagination import Page

# No control characters: people read it, and no database takes NUL.
Name = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


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


class APIKeyPage(Page[APIKeyRead]):
    """Some of the keys, and where the next ones begin."""
