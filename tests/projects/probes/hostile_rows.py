"""Goes into a generated project with the resource Product of shop.toml: what another
program writes into the table is refused by its constraints, or a list is read with
it."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from factories.products import add_product
from myapi.auth.models import User
from myapi.db.session import AsyncSession
from test_products import URL

REFUSED = (
    *("status = 'Live'", "status = ''", "price = 0", "price = -5", "stock = -1"),
    *("made = 'infinity'", "made = '9999-12-31'", "made = '0001-01-01'"),
    *("at = 'infinity'", "at = '9999-12-31 00:00:00+00'", "clock = '24:00:00'"),
)
REFUSED_BY_POSTGRESQL = (
    *("made = '20000-01-01'", "made = '0044-03-15 BC'", "at = '-infinity'"),
    *("at = '20000-01-01'", "at = '0044-03-15 BC'"),
)
READ = (
    *("tags = '{\"a\": 1}'", "tags = '[1, null]'", "tags = '7'", "tags = 'null'"),
    *("meta = '[1]'", "meta = '7'", "title = ''", "code = 'lower case!'"),
    *("price = 'NaN'", "rating = 'NaN'", "rating = 'Infinity'"),
    *("site = 'javascript:alert(1)'", "mail = 'nobody'", "stock = 2147483647"),
)


async def write(session: AsyncSession, values: str) -> None:
    statement = text(f"UPDATE products SET {values}".replace(":", r"\:"))  # noqa: S608
    await session.execute(statement)
    await session.commit()


@pytest.mark.parametrize("values", REFUSED)
async def test_a_table_refuses_what_breaks_a_rule_of_its_fields(
    session: AsyncSession, user: User, values: str
) -> None:
    await add_product(session, user)
    with pytest.raises(IntegrityError):
        await write(session, values)


@pytest.mark.parametrize("values", REFUSED_BY_POSTGRESQL)
async def test_postgresql_refuses_times_that_python_cannot_read(
    session: AsyncSession, user: User, values: str
) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # it compares them as texts, and accepts some
    await add_product(session, user)
    with pytest.raises(IntegrityError):
        await write(session, values)


@pytest.mark.parametrize("values", READ)
async def test_a_list_is_read_whatever_another_program_wrote(
    as_user: AsyncClient, session: AsyncSession, user: User, values: str
) -> None:
    product = await add_product(session, user)
    await write(session, values)
    for path in (URL, f"{URL}?sort=price", f"{URL}/{product.id}"):
        answer = await as_user.get(path)
        assert answer.status_code == 200, (path, answer.text)
