from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import func, select

from myapi.db.deps import ReadSessionDep
from myapi.teams.deps import CurrentTeamId
from myapi.teams.models import TeamMember

router = APIRouter(prefix="/teams/reports/thing", tags=["teams"])


class ThingReport(BaseModel):
    members: int


@router.get("")
async def read_thing_report(
    session: ReadSessionDep, team_id: CurrentTeamId
) -> ThingReport:
    # Count what the report is about.
    members = select(func.count()).select_from(TeamMember).filter_by(team_id=team_id)
    return ThingReport(members=await session.scalar(members) or 0)
