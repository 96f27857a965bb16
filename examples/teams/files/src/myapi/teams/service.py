from uuid import UUID

from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, paginate
from myapi.teams import queries
from myapi.teams.models import Team, TeamMember
from myapi.teams.schemas import TeamCreate, TeamPage


async def create_team(session: AsyncSession, user_id: UUID, new: TeamCreate) -> Team:
    """The new team, with the user as its first member."""
    team = Team(**new.model_dump())
    session.add(team)
    await session.flush()
    session.add(TeamMember(team_id=team.id, user_id=user_id))
    await session.flush()
    return team


async def list_teams(session: ReadSession, user_id: UUID, query: PageQuery) -> TeamPage:
    """A page of the teams that the user is a member of."""
    return await paginate(session, queries.teams_of_user(user_id), query, TeamPage)


async def check_member(session: ReadSession, team_id: UUID, user_id: UUID) -> None:
    """Raise NotFoundError unless the user is a member of the team. The error is the
    same for a team that does not exist."""
    if await session.scalar(queries.membership(team_id, user_id)) is None:
        raise NotFoundError(f"No team {team_id}.")
