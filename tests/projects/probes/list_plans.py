"""Goes into a generated project with the resource Product of shop.toml: SQLite reads a
page of any order from an index, so the last page takes as long as the first."""

from typing import Any, get_args

import pytest
from sqlalchemy import event

from factories.products import add_product
from myapi.auth.models import User
from myapi.db.session import AsyncSession
from myapi.products import service
from myapi.products.schemas import ProductQuery, Sort

ORDERS = [None, *get_args(Sort)]


@pytest.mark.parametrize("sort", ORDERS)
async def test_no_page_of_a_list_is_sorted(
    session: AsyncSession, user: User, sort: Sort | None
) -> None:
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL sorts a table of two rows")
    await add_product(session, user)
    await add_product(session, user)
    query = ProductQuery(sort=sort, limit=1)
    page = await service.list_products(session, user.id, query)
    found: list[tuple[str, Any]] = []

    def see(*given: Any) -> None:
        found.append((given[2], given[3]))

    event.listen(connection.sync_connection, "before_cursor_execute", see)
    query.after = page.next
    await service.list_products(session, user.id, query)
    event.remove(connection.sync_connection, "before_cursor_execute", see)
    statement, values = found[0]
    plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [row.detail for row in plan]
    assert not any("ORDER BY" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
