from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field

from myapi.db.base import Record


class TOTPSecret(Record, table=True):
    """What a user's authenticator app and we both know."""

    __tablename__ = "totp_secrets"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    encrypted: bytes = Field(sa_type=LargeBinary(255))
    confirmed_at: datetime | None = None
    # The time step of the last code: that code and older ones are spent.
    last_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(Record, table=True):
    """Stands in for one code of the app, once; a spent one is deleted."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "digest"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    digest: bytes = Field(sa_type=LargeBinary(32))
