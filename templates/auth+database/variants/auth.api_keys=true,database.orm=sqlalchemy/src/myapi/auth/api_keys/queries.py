from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from myapi.auth.api_keys.models import APIKey
from myapi.auth.api_keys.scopes import APIKeyScope
from myapi.auth.models import User
from myapi.auth.roles import Role


def valid_api_key(
    digests: Collection[bytes], now: datetime
) -> Select[UUID, datetime | None, APIKeyScope, UUID, Role]:
    """With its owner, in one statement."""
    return (
        select(
            APIKey.id,
            APIKey.last_used_at,
            APIKey.scope,
            APIKey.user_id,
            User.role,
        )
        .join(User, User.id == APIKey.user_id)
        .where(APIKey.digest.in_(digests), APIKey.expires_at > now, User.is_active)
    )


def note_use(key_id: UUID, digest: bytes, now: datetime) -> ReturningUpdate[UUID]:
    """With its digest by the newest of the secret keys."""
    return (
        update(APIKey)
        .where(APIKey.id == key_id)
        .values(last_used_at=now, digest=digest)
        .returning(APIKey.id)
    )


def api_keys(user_id: UUID) -> Select[APIKey]:
    return select(APIKey).where(APIKey.user_id == user_id)


def number_of_api_keys(user_id: UUID) -> Select[int]:
    return select(func.count(APIKey.id)).where(APIKey.user_id == user_id)


def revoke_api_keys(user_id: UUID) -> ReturningDelete[UUID]:
    return delete(APIKey).where(APIKey.user_id == user_id).returning(APIKey.id)


def revoke_api_key(user_id: UUID, key_id: UUID) -> ReturningDelete[UUID]:
    return revoke_api_keys(user_id).where(APIKey.id == key_id)


def drop_expired_api_keys(user_id: UUID, now: datetime) -> ReturningDelete[UUID]:
    return revoke_api_keys(user_id).where(APIKey.expires_at < now)
