from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from myapi.pagination import Page

# No database takes the character NUL.
TeamName = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]+$")
]


class TeamCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: TeamName


class TeamRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class TeamPage(Page[TeamRead]):
    """Some of the teams, and where the next ones begin."""
