from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from myapi.auth.deps import CurrentUserId
from myapi.db.deps import ReadSessionDep
from myapi.teams.service import check_member


async def get_current_team_id(
    session: ReadSessionDep,
    user_id: CurrentUserId,
    team_id: Annotated[UUID, Header(alias="X-Team-ID")],
) -> UUID:
    await check_member(session, team_id, user_id)
    return team_id


CurrentTeamId = Annotated[UUID, Depends(get_current_team_id)]
