from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.dml import ReturningDelete
from sqlmodel import col, delete, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from myapi.auth.api_keys.models import APIKey
from myapi.auth.models import User


def valid_api_key(digest: bytes, now: datetime) -> SelectOfScalar[APIKey]:
    """With its owner, in one statement."""
    return (
        select(APIKey)
        .join(User)
        .options(contains_eager(APIKey.user))  # type: ignore[arg-type]
        .where(
            APIKey.digest == digest,
            or_(col(APIKey.expires_at).is_(None), col(APIKey.expires_at) > now),
            col(User.is_active).is_(True),
        )
    )


def api_keys(user_id: UUID) -> SelectOfScalar[APIKey]:
    return select(APIKey).where(APIKey.user_id == user_id)


def revoke_api_key(user_id: UUID, key_id: UUID) -> ReturningDelete[UUID]:
    return (
        delete(APIKey)
        .where(col(APIKey.user_id) == user_id, col(APIKey.id) == key_id)
        .returning(col(APIKey.id))
    )
