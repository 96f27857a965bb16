"""Keyset pages: as fast on the last page as on the first, and nothing shown twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select, bindparam

from myapi.db.base import Record
from myapi.db.reading import Values
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
class Rows(Generic[T]):
    """What an endpoint returns whose response model is a `Page`."""

    data: Sequence[T]
    next: UUID | None


async def page_of(
    session: AsyncSession,
    rows: Select[R],
    page: PageQuery,
    values: Values | None = None,
) -> Rows[R]:
    statement = paged(rows, after=page.after is not None)
    found = await session.scalars(statement, page_values(page, values or {}))
    return cut(found.all(), page)


def paged(rows: Select[R], *, after: bool) -> Select[R]:
    """Newest first; `page_values` fill it in."""
    key = rows.column_descriptions[0]["entity"].id
    if after:
        rows = rows.where(key < bindparam("after"))
    return rows.order_by(key.desc()).limit(bindparam("limit"))


def page_values(page: PageQuery, values: Values) -> Values:
    """One row more than the page tells whether another follows."""
    return {**values, "after": page.after, "limit": page.limit + 1}


def cut(rows: Sequence[R], page: PageQuery) -> Rows[R]:
    data = rows[: page.limit]
    return Rows(data, data[-1].id if len(rows) > page.limit else None)
