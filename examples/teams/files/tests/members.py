"""Teams of tests, and a client that asks as a member of one."""

import pytest
from httpx2 import AsyncClient

from myapi.auth.models import User
from myapi.db.session import AsyncSession
from myapi.teams.models import Team
from myapi.teams.schemas import TeamCreate
from myapi.teams.service import create_team


async def add_team(session: AsyncSession, user: User, name: str) -> Team:
    """A team with `user` as its only member."""
    team = await create_team(session, user.id, TeamCreate(name=name))
    await session.commit()
    return team


@pytest.fixture
async def team(session: AsyncSession, user: User) -> Team:
    return await add_team(session, user, "Roastery")


@pytest.fixture
async def other_team(session: AsyncSession, admin_user: User) -> Team:
    """A team that `user` is not a member of."""
    return await add_team(session, admin_user, "Tea house")


@pytest.fixture
async def as_member(as_user: AsyncClient, team: Team) -> AsyncClient:
    """`as_user`, which sends the header of `team`."""
    as_user.headers["X-Team-ID"] = str(team.id)
    return as_user
