from uuid import UUID

from fastapi import APIRouter, Depends, status

from myapi.auth.api_keys import service
from myapi.auth.api_keys.schemas import APIKeyCreate, APIKeyCreated, APIKeyPage
from myapi.auth.deps import CurrentUserId, forbid_caching, refuse_api_keys
from myapi.auth.events import AccountEventsDep
from myapi.auth.verifier import VerifierDep
from myapi.db.deps import ReadSessionDep, SessionDep
from myapi.pagination import PageDep

router = APIRouter(
    prefix="/auth/api-keys",
    tags=["auth"],
    dependencies=[Depends(forbid_caching), Depends(refuse_api_keys)],
)


@router.get("")
async def list_api_keys(
    session: ReadSessionDep, user_id: CurrentUserId, query: PageDep
) -> APIKeyPage:
    return await service.list_api_keys(session, user_id, query)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_api_key(
    session: SessionDep,
    verifier: VerifierDep,
    user_id: CurrentUserId,
    new: APIKeyCreate,
) -> APIKeyCreated:
    """The key is in this answer alone: nobody can read it later."""
    return await service.create_api_key(session, verifier, user_id, new)


@router.delete("/{key_id:uuid}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_api_key(
    session: SessionDep,
    events: AccountEventsDep,
    user_id: CurrentUserId,
    key_id: UUID,
) -> None:
    await service.revoke_api_key(session, events, user_id, key_id)
