from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from myapi.db.base import Record


class SocialAccount(Record, table=True):
    """Somebody at a provider, who is one of our users."""

    __tablename__ = "social_accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    # The provider itself, not its name in the settings, which may come to mean another.
    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
