from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from myapi.auth.deps import CurrentUserId
from myapi.db.deps import ReaderDep
from myapi.teams.service import check_member


async def get_current_team_id(
    reader: ReaderDep,
    user_id: CurrentUserId,
    team_id: Annotated[UUID, Header(alias="X-Team-ID")],
) -> UUID:
    await check_member(reader, team_id, user_id)
    return team_id


CurrentTeamId = Annotated[UUID, Depends(get_current_team_id)]
