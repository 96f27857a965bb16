from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient

from myapi.auth.models import User
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.teams.deps import get_current_team_id
from myapi.teams.models import Team

URL = "/api/v1/teams"


async def test_a_user_creates_a_team_and_is_its_member(
    as_user: AsyncClient, user: User, session: AsyncSession
) -> None:
    made = await as_user.post(URL, json={"name": "Roastery"})
    assert made.status_code == 201, made.text
    assert made.json()["name"] == "Roastery"
    team_id = UUID(made.json()["id"])
    assert await get_current_team_id(session, user.id, team_id) == team_id


async def test_a_user_lists_only_their_own_teams(
    as_user: AsyncClient, team: Team, other_team: Team
) -> None:
    listed = await as_user.get(URL)
    assert listed.json() == {
        "data": [{"id": str(team.id), "name": "Roastery"}],
        "next": None,
        "total": None,
    }


async def test_a_team_of_others_is_as_unknown_as_one_that_does_not_exist(
    session: AsyncSession, user: User, other_team: Team
) -> None:
    for team_id in (other_team.id, uuid4()):
        with pytest.raises(NotFoundError, match=f"No team {team_id}"):
            await get_current_team_id(session, user.id, team_id)


@pytest.mark.parametrize("name", ["", "x" * 81, "a\x00", None])
async def test_a_name_that_breaks_a_rule_is_refused(
    as_user: AsyncClient, name: str | None
) -> None:
    answer = await as_user.post(URL, json={"name": name})
    assert answer.status_code == 422


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_teams_require_a_login(client: AsyncClient, method: str) -> None:
    assert (await client.request(method, URL, json={})).status_code == 401
