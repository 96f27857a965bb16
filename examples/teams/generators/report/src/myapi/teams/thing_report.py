from pydantic import BaseModel
from sqlalchemy import bindparam, func, select

from myapi.db.deps import ReaderDep
from myapi.routing import Router
from myapi.teams.deps import CurrentTeamId
from myapi.teams.models import TeamMember

router = Router(prefix="/teams/reports/thing", tags=["teams"])

# Count what the report is about.
MEMBERS = (
    select(func.count()).select_from(TeamMember).filter_by(team_id=bindparam("team_id"))
)


class ThingReport(BaseModel):
    members: int


@router.get("")
async def read_thing_report(reader: ReaderDep, team_id: CurrentTeamId) -> ThingReport:
    row = await reader.row(MEMBERS, {"team_id": team_id})
    return ThingReport(members=row[0] if row else 0)
