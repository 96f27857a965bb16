from uuid import UUID

from myapi.db.reading import Reader
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, Rows, page_of
from myapi.teams import queries
from myapi.teams.models import Team, TeamMember
from myapi.teams.schemas import TeamCreate


async def create_team(session: AsyncSession, user_id: UUID, new: TeamCreate) -> Team:
    """The new team, with the user as its first member."""
    team = Team(**new.model_dump())
    session.add(team)
    await session.flush()
    session.add(TeamMember(team_id=team.id, user_id=user_id))
    await session.flush()
    return team


async def list_teams(
    session: AsyncSession, user_id: UUID, page: PageQuery
) -> Rows[Team]:
    """A page of the teams that the user is a member of."""
    return await page_of(session, queries.TEAMS_OF_USER, page, {"user_id": user_id})


async def check_member(reader: Reader, team_id: UUID, user_id: UUID) -> None:
    """Raise NotFoundError unless the user is a member of the team. The error is the
    same for a team that does not exist."""
    values = {"team_id": team_id, "user_id": user_id}
    if await reader.row(queries.MEMBERSHIP, values) is None:
        raise NotFoundError(f"No team {team_id}.")
