from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.dml import ReturningDelete

from myapi.auth.api_keys.models import APIKey
from myapi.auth.models import User


def valid_api_key(digest: bytes, now: datetime) -> Select[APIKey]:
    """With its owner, in one statement."""
    return (
        select(APIKey)
        .join(APIKey.user)
        .options(contains_eager(APIKey.user))
        .where(
            APIKey.digest == digest,
            or_(APIKey.expires_at.is_(None), APIKey.expires_at > now),
            User.is_active.is_(True),
        )
    )


def api_keys(user_id: UUID) -> Select[APIKey]:
    return select(APIKey).where(APIKey.user_id == user_id)


def revoke_api_key(user_id: UUID, key_id: UUID) -> ReturningDelete[UUID]:
    return (
        delete(APIKey)
        .where(APIKey.user_id == user_id, APIKey.id == key_id)
        .returning(APIKey.id)
    )
