from httpx2 import AsyncClient

from myapi.teams.models import Team

URL = "/api/v1/teams/reports/thing"


async def test_a_member_reads_thing_report(as_member: AsyncClient) -> None:
    answer = await as_member.get(URL)
    assert (answer.status_code, answer.json()) == (200, {"members": 1})


async def test_others_do_not_find_thing_report(
    as_user: AsyncClient, other_team: Team
) -> None:
    answer = await as_user.get(URL, headers={"X-Team-ID": str(other_team.id)})
    assert answer.status_code == 404
