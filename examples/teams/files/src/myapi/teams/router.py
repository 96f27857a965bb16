from fastapi import status

from myapi.auth.deps import CurrentUserId
from myapi.db.deps import SessionDep
from myapi.pagination import Page, PageDep, Rows
from myapi.routing import Router
from myapi.teams import service
from myapi.teams.models import Team
from myapi.teams.schemas import TeamCreate, TeamRead

router = Router(prefix="/teams", tags=["teams"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=TeamRead)
async def create_team(
    session: SessionDep, user_id: CurrentUserId, new: TeamCreate
) -> Team:
    return await service.create_team(session, user_id, new)


@router.get("", response_model=Page[TeamRead])
async def list_teams(
    session: SessionDep, user_id: CurrentUserId, page: PageDep
) -> Rows[Team]:
    return await service.list_teams(session, user_id, page)
