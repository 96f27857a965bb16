"""Keyset pages: as fast on the last page as on the first, and nothing shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select

from myapi.db.base import Record
from myapi.db.session import AsyncSession

T = TypeVar("T")
R = TypeVar("R", bound=Record)


class PageQuery(BaseModel):
    after: UUID | None = Field(None, description="`next` of the previous page.")
    limit: int = Field(50, ge=1, le=100)


PageDep = Annotated[PageQuery, Query()]


class Page(BaseModel, Generic[T]):
    data: list[T]
    next: UUID | None = None


@dataclass(frozen=True)
class Rows(Generic[R]):
    """What an endpoint returns whose response model is a `Page`."""

    data: Sequence[R]
    next: UUID | None


async def page_of(session: AsyncSession, query: Select[R], page: PageQuery) -> Rows[R]:
    """Newest first. One row more than the page tells whether another follows."""
    key = query.column_descriptions[0]["entity"].id
    if page.after:
        query = query.where(key < page.after)
    query = query.order_by(key.desc()).limit(page.limit + 1)
    rows = (await session.scalars(query)).all()
    data = rows[: page.limit]
    return Rows(data, data[-1].id if len(rows) > page.limit else None)
