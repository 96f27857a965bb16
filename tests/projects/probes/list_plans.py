"""Goes into a generated project with the resource Product of shop.toml: the database
reads a page of any order from an index, so the last page takes as long as the first."""

import re
from typing import Any, get_args

import pytest
from sqlalchemy import event

from factories.products import add_product
from myapi.auth.models import User
from myapi.db.session import AsyncSession
from myapi.products import service
from myapi.products.schemas import ProductQuery, Sort

ORDERS = [None, *get_args(Sort)]

# PostgreSQL reads so few rows as a whole, unless nobody lets it.
OFF = ("enable_sort", "enable_seqscan", "enable_bitmapscan")
SLOW = re.compile(r"ORDER BY|SCAN|Seq Scan|(?<!Incremental )Sort  \(")


@pytest.mark.parametrize("sort", ORDERS)
async def test_no_page_of_a_list_is_sorted(
    session: AsyncSession, user: User, sort: Sort | None
) -> None:
    await add_product(session, user)
    await add_product(session, user)
    query = ProductQuery(sort=sort, limit=1)
    page = await service.list_products(session, user.id, query)
    connection = await session.connection()
    found: list[tuple[str, Any]] = []

    def see(*given: Any) -> None:
        found.append((given[2], given[3]))

    event.listen(connection.sync_connection, "before_cursor_execute", see)
    query.after = page.next
    await service.list_products(session, user.id, query)
    event.remove(connection.sync_connection, "before_cursor_execute", see)
    statement, values = found[0]
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        explain = "EXPLAIN"
        for setting in OFF:
            await connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    plan = await connection.exec_driver_sql(f"{explain} {statement}", values)
    steps = [row[-1] for row in plan]
    assert not any(SLOW.search(step) for step in steps), steps
