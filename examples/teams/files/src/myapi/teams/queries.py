from sqlalchemy import bindparam, select

from myapi.teams.models import Team, TeamMember

# `filter_by` is the same for the models of both ORMs.
TEAMS_OF_USER = select(Team).join(TeamMember).filter_by(user_id=bindparam("user_id"))
MEMBERSHIP = select(TeamMember).filter_by(
    team_id=bindparam("team_id"), user_id=bindparam("user_id")
)
