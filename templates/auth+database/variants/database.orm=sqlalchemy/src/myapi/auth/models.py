from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class User(Record):
    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(320), unique=True)
    # None: no password leads into the account.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=20, values_callable=list),
        default=Role.USER,
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    email_verified_at: Mapped[datetime | None]


class Login(Record):
    """One login on one device, kept alive by refresh tokens."""

    __tablename__ = "logins"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    network: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    last_used_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class RefreshToken(Record):
    """A link of the chain that keeps one login alive."""

    __tablename__ = "refresh_tokens"

    login_id: Mapped[UUID] = mapped_column(
        ForeignKey("logins.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EmailToken(Record):
    __tablename__ = "email_tokens"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[Purpose] = mapped_column(
        Enum(Purpose, native_enum=False, length=20, values_callable=list)
    )
    email: Mapped[str] = mapped_column(String(320))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
