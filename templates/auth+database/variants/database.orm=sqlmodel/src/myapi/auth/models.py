from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum
from sqlmodel import Field, Relationship

from myapi.db.base import Record


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


class Purpose(StrEnum):
    """What a link in a mail is good for, or what it remembers without being a link."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    # No link: an address was registered with a certain password.
    REGISTRATION = "registration"


class User(Record, table=True):
    __tablename__ = "users"

    email: str = Field(max_length=320, unique=True)
    # None: no password leads into the account.
    password_hash: str | None = Field(default=None, max_length=255)
    role: Role = Field(
        default=Role.USER,
        sa_type=Enum(Role, native_enum=False, length=20, values_callable=list),
    )
    is_active: bool = True
    email_verified_at: datetime | None = None


class Login(Record, table=True):
    """One login on one device, kept alive by refresh tokens."""

    __tablename__ = "logins"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    user_agent: str = Field(default="", max_length=200)
    network: bytes = Field(default=b"", max_length=32)
    last_used_at: datetime = Field(index=True)
    revoked_at: datetime | None = None

    user: User = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class RefreshToken(Record, table=True):
    """A link of the chain that keeps one login alive."""

    __tablename__ = "refresh_tokens"

    login_id: UUID = Field(foreign_key="logins.id", ondelete="CASCADE", index=True)
    digest: bytes = Field(max_length=32, unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class EmailToken(Record, table=True):
    __tablename__ = "email_tokens"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    purpose: Purpose = Field(
        sa_type=Enum(Purpose, native_enum=False, length=20, values_callable=list)
    )
    email: str = Field(max_length=320)
    digest: bytes = Field(max_length=32, unique=True)
    expires_at: datetime = Field(index=True)
