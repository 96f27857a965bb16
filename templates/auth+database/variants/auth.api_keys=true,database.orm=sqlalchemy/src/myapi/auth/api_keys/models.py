from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from myapi.db.base import Record


class APIKeyScope(StrEnum):
    READ = "read"
    WRITE = "write"  # and read


class APIKey(Record):
    """A program's way in, in the name of a user."""

    __tablename__ = "api_keys"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[APIKeyScope] = mapped_column(
        Enum(APIKeyScope, native_enum=False, length=20, values_callable=list)
    )
    start: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
