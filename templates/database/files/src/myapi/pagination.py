"""Keyset pages: as fast on the last page as on the first, and no row shown twice."""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field, TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Select, TypeDecorator, func, select, tuple_
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import InstrumentedAttribute

from myapi.db.read_session import ReadSession
from myapi.errors import NotFoundError

T = TypeVar("T")
P = TypeVar("P", bound="Page[Any]")

# Query parameters of a list, each None by default.
# The values that a filter accepts: ?status=draft&status=live
AnyOf = Annotated[
    list[T] | None,
    Field(max_length=20, description="Only rows with one of these values."),
]
Exactly = Annotated[T | None, Field(description="Only rows with this value.")]
AtLeast = Annotated[T | None, Field(description="Only rows with at least this value.")]
AtMost = Annotated[T | None, Field(description="Only rows with at most this value.")]
After = Annotated[T | None, Field(description="Only rows with a later value.")]
Before = Annotated[T | None, Field(description="Only rows with an earlier value.")]
SortedBy = Annotated[
    T | None,
    Field(
        description="The field that rows are sorted by; with `-`, descending. "
        "By default, the newest rows come first."
    ),
]

UNKNOWN_CURSOR = "No page of this list begins at `after`."


class PageQuery(BaseModel):
    after: str | None = Field(
        None, max_length=2000, description="`next` of the previous page."
    )
    limit: int = Field(
        50, ge=1, le=100, description="The maximum number of rows on a page."
    )
    total: bool = Field(False, description="Whether to count the rows of all pages.")


PageDep = Annotated[PageQuery, Query()]


class Page(BaseModel, Generic[T]):
    data: list[T]
    next: str | None = Field(description="`after` of the next page, if there is one.")
    total: int | None = Field(description="How many rows there are, if `total=true`.")


async def paginate(
    session: ReadSession,
    rows: Select[Any],
    query: PageQuery,
    page: type[P],
    sort: str | None = None,
) -> P:
    """One page of `rows`, the newest first; or in the order of the column `sort`, with
    a `-` before it from the greatest down."""
    total = await count(session, rows) if query.total else None
    data, after = await read_page(session, rows, query.after, query.limit, sort)
    return page(data=data, next=after, total=total)


async def count(session: ReadSession, rows: Select[Any]) -> int:
    counted = select(func.count()).select_from(rows.subquery())
    return await session.scalar(counted) or 0


async def read_page(
    session: ReadSession,
    rows: Select[Any],
    after: str | None,
    limit: int,
    sort: str | None,
) -> tuple[Sequence[Any], str | None]:
    """At most `limit` of `rows`, and the cursor of the next page, if there is one."""
    model = rows.column_descriptions[0]["entity"]
    descending = sort is None or sort.startswith("-")
    keys = [model.id]
    if sort:
        # Rows with the same value are in the order of their ids.
        keys.insert(0, getattr(model, sort.removeprefix("-")))
    if after:
        last = read_cursor(after, sort, keys)
        place = tuple_(*keys)
        rows = rows.where(place < last if descending else place > last)
    order = [key.desc() for key in keys] if descending else keys
    # One row more than the page tells whether another follows.
    rows = rows.order_by(*order).limit(limit + 1)
    try:
        found = (await session.scalars(rows)).all()
    except (StatementError, OverflowError, UnicodeError) as error:
        if after and is_bad_value(error):
            raise NotFoundError(UNKNOWN_CURSOR) from error
        raise
    data = found[:limit]
    return data, write_cursor(data[-1], sort, keys) if len(found) > limit else None


def write_cursor(
    row: object, sort: str | None, keys: Sequence[InstrumentedAttribute[Any]]
) -> str:
    """The order, and the values of `row` that decide its place in it."""
    values = [getattr(row, key.key) for key in keys]
    text = json.dumps([sort, *to_jsonable_python(values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(
    cursor: str, sort: str | None, keys: Sequence[InstrumentedAttribute[Any]]
) -> tuple[Any, ...]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        order, *values = json.loads(base64.urlsafe_b64decode(padded))
        place = tuple(
            adapter_of(key).validate_python(value)
            for key, value in zip(keys, values, strict=True)
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise NotFoundError(UNKNOWN_CURSOR) from error
    if order != sort:
        raise NotFoundError(UNKNOWN_CURSOR)
    return place


@lru_cache
def adapter_of(key: InstrumentedAttribute[Any]) -> TypeAdapter[Any]:
    kind = key.type
    column = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return TypeAdapter(column.python_type)


def is_bad_value(error: Exception) -> bool:
    """Whether a value of the cursor was refused: by the column's type or the driver,
    or by the database (SQLSTATE class 22)."""
    if not isinstance(error, DBAPIError):
        return True
    return str(getattr(error.orig, "sqlstate", "")).startswith("22")
