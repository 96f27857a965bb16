"""Keyset pages in the order of a column; rows with the same value are told apart by
their key."""

from sqlalchemy import Select, tuple_

from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, R, Rows, page_of


async def sorted_page_of(
    session: AsyncSession, query: Select[R], page: PageQuery, sort: str | None
) -> Rows[R]:
    """`sort` names the column, with a `-` before it from the greatest down."""
    if sort is None:
        return await page_of(session, query, page)
    model = query.column_descriptions[0]["entity"]
    column, key = getattr(model, sort.removeprefix("-")), model.id
    down = sort.startswith("-")
    if page.after:
        last = await session.scalar(
            query.with_only_columns(column).where(key == page.after)
        )
        if last is None:
            raise NotFoundError(f"No row {page.after} to go on from.")
        place, after = tuple_(column, key), tuple_(last, page.after)
        query = query.where(place < after if down else place > after)
    order = (column.desc(), key.desc()) if down else (column, key)
    rows = (await session.scalars(query.order_by(*order).limit(page.limit + 1))).all()
    data = rows[: page.limit]
    return Rows(data, data[-1].id if len(rows) > page.limit else None)
