from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Delete, Select, Update, delete, func, select, update
from sqlalchemy.sql.dml import ReturningDelete
from sqlmodel import col

from myapi.auth.api_keys.models import APIKey
from myapi.auth.models import Role, User


def valid_api_key(digests: Collection[bytes], now: datetime) -> Select[APIKey, Role]:
    """A key, and the role of its owner."""
    return (
        select(APIKey, col(User.role))
        .join(User, col(User.id) == col(APIKey.user_id))
        .where(
            col(APIKey.digest).in_(digests),
            col(APIKey.expires_at) > now,
            col(User.is_active),
        )
    )


def note_use(key_id: UUID, digest: bytes, now: datetime) -> Update:
    """With its digest by the newest of the secret keys."""
    key = update(APIKey).where(col(APIKey.id) == key_id)
    return key.values(last_used_at=now, digest=digest)


def api_keys(user_id: UUID) -> Select[APIKey]:
    return select(APIKey).where(col(APIKey.user_id) == user_id)


def number_of_api_keys(user_id: UUID) -> Select[int]:
    return select(func.count(col(APIKey.id))).where(col(APIKey.user_id) == user_id)


def revoke_api_keys(user_id: UUID) -> Delete:
    return delete(APIKey).where(col(APIKey.user_id) == user_id)


def revoke_api_key(user_id: UUID, key_id: UUID) -> ReturningDelete[UUID]:
    return (
        revoke_api_keys(user_id)
        .where(col(APIKey.id) == key_id)
        .returning(col(APIKey.id))
    )


def drop_expired_api_keys(user_id: UUID, now: datetime) -> Delete:
    return revoke_api_keys(user_id).where(col(APIKey.expires_at) < now)
