from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, LargeBinary
from sqlmodel import Field

from myapi.db.base import Record


class APIKeyScope(StrEnum):
    READ = "read"
    WRITE = "write"  # and read


class APIKey(Record, table=True):
    """A program's way in, in the name of a user."""

    __tablename__ = "api_keys"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=100)
    scope: APIKeyScope = Field(
        sa_type=Enum(APIKeyScope, native_enum=False, length=20, values_callable=list)
    )
    start: str = Field(max_length=100)
    digest: bytes = Field(sa_type=LargeBinary(32), unique=True)
    last_used_at: datetime | None = None
    expires_at: datetime
