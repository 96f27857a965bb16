from uuid import UUID

from fastapi import Depends, status

from myapi.auth.api_keys import service
from myapi.auth.api_keys.models import APIKey
from myapi.auth.api_keys.schemas import APIKeyCreate, APIKeyCreated, APIKeyRead
from myapi.auth.deps import UserInPerson, forbid_caching
from myapi.auth.settings import AuthSettingsDep
from myapi.db.deps import SessionDep
from myapi.pagination import Page, PageDep, Rows
from myapi.routing import Router

router = Router(
    prefix="/auth/api-keys", tags=["auth"], dependencies=[Depends(forbid_caching)]
)


@router.get("", response_model=Page[APIKeyRead])
async def list_api_keys(
    session: SessionDep, user: UserInPerson, page: PageDep
) -> Rows[APIKey]:
    return await service.list_api_keys(session, user, page)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_api_key(
    session: SessionDep,
    settings: AuthSettingsDep,
    user: UserInPerson,
    new: APIKeyCreate,
) -> APIKeyCreated:
    """The key is in this answer alone: nobody can read it later."""
    return await service.create_api_key(session, settings, user, new)


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_api_key(session: SessionDep, user: UserInPerson, key_id: UUID) -> None:
    await service.revoke_api_key(session, user, key_id)
