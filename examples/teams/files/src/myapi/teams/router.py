from fastapi import APIRouter, status

from myapi.auth.deps import CurrentUserId
from myapi.db.deps import ReadSessionDep, SessionDep
from myapi.pagination import PageDep
from myapi.teams import service
from myapi.teams.models import Team
from myapi.teams.schemas import TeamCreate, TeamPage, TeamRead

router = APIRouter(prefix="/teams", tags=["teams"])


@router.post("", status_code=status.HTTP_201_CREATED, response_model=TeamRead)
async def create_team(
    session: SessionDep, user_id: CurrentUserId, new: TeamCreate
) -> Team:
    return await service.create_team(session, user_id, new)


@router.get("")
async def list_teams(
    session: ReadSessionDep, user_id: CurrentUserId, query: PageDep
) -> TeamPage:
    return await service.list_teams(session, user_id, query)
