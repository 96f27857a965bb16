from datetime import timedelta
from uuid import UUID

from myapi.auth.api_keys import keys, queries
from myapi.auth.api_keys.models import APIKey
from myapi.auth.api_keys.schemas import (
    APIKeyCreate,
    APIKeyCreated,
    APIKeyPage,
    APIKeyRead,
)
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, paginate


async def list_api_keys(
    session: ReadSession, user_id: UUID, query: PageQuery
) -> APIKeyPage:
    return await paginate(session, queries.api_keys(user_id), query, APIKeyPage)


async def create_api_key(
    session: AsyncSession, settings: AuthSettings, user: User, new: APIKeyCreate
) -> APIKeyCreated:
    key = keys.create_key()
    days = new.expires_in_days
    row = APIKey(
        user_id=user.id,
        name=new.name,
        start=keys.start_of(key),
        digest=keys.digest(settings, key),
        expires_at=utc_now() + timedelta(days=days) if days else None,
    )
    session.add(row)
    await session.flush()
    return APIKeyCreated(**APIKeyRead.model_validate(row).model_dump(), key=key)


async def revoke_api_key(session: AsyncSession, user: User, key_id: UUID) -> None:
    revoked = await session.scalars(queries.revoke_api_key(user.id, key_id))
    if not revoked.all():
        raise NotFoundError(f"No API key {key_id}.")
