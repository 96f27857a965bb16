from uuid import UUID

from sqlalchemy import Select, select

from myapi.teams.models import Team, TeamMember

# `filter_by` is the same for the models of both ORMs.


def teams_of_user(user_id: UUID) -> Select[Team]:
    return select(Team).join(TeamMember).filter_by(user_id=user_id)


def membership(team_id: UUID, user_id: UUID) -> Select[TeamMember]:
    return select(TeamMember).filter_by(team_id=team_id, user_id=user_id)
