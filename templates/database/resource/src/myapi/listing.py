"""Lists that are filtered and sorted as a request asks.

SQLAlchemy takes longer to put a statement together than to run it. So each combination
of filters and order is put together once, and has its values filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic

from sqlalchemy import ColumnElement, Select, bindparam, tuple_

from myapi.db.reading import Reader, Values
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, R, Rows, cut, page_values, paged
from myapi.shown import Schema, as_shown, read


@dataclass(frozen=True, eq=False)
class Listing(Generic[Schema]):
    """All rows, as `schema` shows them, and the conditions that parameters of these
    names add. The value of each is a `bindparam` of that name."""

    rows: Select[Any]
    schema: type[Schema]
    filters: Mapping[str, ColumnElement[bool]]


async def list_page(
    reader: Reader,
    listing: Listing[Schema],
    query: PageQuery,
    values: Values | None = None,
) -> Rows[Schema]:
    """`values` are those that `listing.rows` asks for; `query.sort`, if it has one,
    names a column, with a `-` before it from the greatest down."""
    given = {name: getattr(query, name) for name in listing.filters}
    given = {name: value for name, value in given.items() if value is not None}
    values = {**(values or {}), **given}
    sort = getattr(query, "sort", None)
    if sort and query.after:
        values["_last"] = await value_at(reader, listing, query, sort, values)
    statement = statement_of(
        listing, frozenset(given), sort, after=query.after is not None
    )
    found = await read(reader, statement, listing.schema, page_values(query, values))
    rows = cut(found, query)
    return Rows([as_shown(listing.schema, row) for row in rows.data], rows.next)


@lru_cache(maxsize=1000)
def statement_of(
    listing: Listing[Any], given: frozenset[str], sort: str | None, *, after: bool
) -> Select[Any]:
    rows = listing.rows.where(*(listing.filters[name] for name in sorted(given)))
    return sorted_pages(rows, sort, after=after) if sort else paged(rows, after=after)


def sorted_pages(rows: Select[R], sort: str, *, after: bool) -> Select[R]:
    """Rows with the same value are told apart by their key."""
    model, column = column_of(rows, sort)
    down = sort.startswith("-")
    if after:
        place = tuple_(column, model.id)
        last = tuple_(
            bindparam("_last", type_=column.type),
            bindparam("after", type_=model.id.type),
        )
        rows = rows.where(place < last if down else place > last)
    order = (column.desc(), model.id.desc()) if down else (column, model.id)
    return rows.order_by(*order).limit(bindparam("limit"))


async def value_at(
    reader: Reader,
    listing: Listing[Any],
    query: PageQuery,
    sort: str,
    values: Values,
) -> object:
    """The value that the page begins after."""
    model, column = column_of(listing.rows, sort)
    row = listing.rows.with_only_columns(column).where(model.id == bindparam("after"))
    found = await reader.row(row, {**values, "after": query.after})
    if found is None or found[0] is None:  # nothing comes after NULL
        raise NotFoundError(f"No row {query.after} to go on from.")
    return found[0]


def column_of(rows: Select[Any], sort: str) -> tuple[Any, Any]:
    """The model of the rows, and the column that `sort` names."""
    model = rows.column_descriptions[0]["entity"]
    return model, getattr(model, sort.removeprefix("-"))
