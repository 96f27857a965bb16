"""Goes into a generated project with the resource Product of shop.toml: what a request
may hold that no schema forbids is refused, or is kept as it came."""

import json
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import delete

from factories.products import add_product
from myapi.auth.models import User
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.products import service
from myapi.products.models import Product
from myapi.products.schemas import ProductUpdate
from test_products import CHANGES, URL, body

__all__ = ["body"]

REFUSED = (
    ("meta", '{"a":' * 101 + "1" + "}" * 101),
    ("meta", '{"a":' * 900 + "1" + "}" * 900),
    ("meta", '{"a": "\\ud800"}'),
    ("meta", '{"\\ud800": 1}'),
    ("meta", '{"a": NaN}'),
    ("meta", '{"a": 1e400}'),
    ("title", '"\\ud800"'),
    ("title", '"a\\u0000"'),
    ("tags", '["\\ud800"]'),
    ("tags", '["a\\u0000"]'),
    ("rating", "1e400"),
    ("price", '"NaN"'),
    ("price", "1e400"),
    ("at", '"0001-01-01T00:00:00+14:00"'),
    ("at", '"9999-12-31T23:59:59-14:00"'),
    ("at", '"9999-12-31T00:00:00Z"'),
    ("at", '"0001-01-01T23:59:59Z"'),
    ("made", '"9999-12-31"'),
    ("made", "1e300"),
    ("stock", "2147483648"),
    ("big", "9007199254740992"),
    ("code", '"AAA-1\\n"'),
    ("blob", '"é"'),
)

KEPT = (
    ("meta", '{"a":' * 99 + "1" + "}" * 99),
    ("meta", '{"a": "\\u0000"}'),
    ("rating", "5e-324"),
    ("price", '"1e5"'),
    ("price", "99999999.99"),
    ("at", '"9999-12-30T23:59:59.999999Z"'),
    ("at", '"0001-01-02T00:00:00Z"'),
    ("made", '"9999-12-30"'),
    ("made", '"0001-01-02"'),
    ("clock", '"23:59:59.999999"'),
    ("big", "-9007199254740991"),
    ("mail", '"Ada@EXAMPLE.com"'),
)


def sent(body: dict[str, Any], name: str, raw: str) -> dict[str, Any]:
    """A body with a value as it is written in JSON, which may have no other form."""
    text = json.dumps(body | {name: None}).replace(
        f'"{name}": null', f'"{name}": {raw}'
    )
    return {"content": text, "headers": {"content-type": "application/json"}}


@pytest.mark.parametrize(("name", "raw"), REFUSED)
async def test_it_is_refused(
    as_user: AsyncClient, body: dict[str, Any], name: str, raw: str
) -> None:
    answer = await as_user.post(URL, **sent(body, name, raw))
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize(("name", "raw"), KEPT)
async def test_it_is_read_as_it_was_created_and_found_by_its_value(
    as_user: AsyncClient,
    session: AsyncSession,
    body: dict[str, Any],
    name: str,
    raw: str,
) -> None:
    made = await as_user.post(URL, **sent(body, name, raw))
    assert made.status_code == 201, made.text
    session.expunge_all()
    read = await as_user.get(f"{URL}/{made.json()['id']}")
    assert read.json() == made.json()
    if name in ("price", "at", "mail"):
        found = await as_user.get(URL, params={name: made.json()[name]})
        assert [row["id"] for row in found.json()["data"]] == [made.json()["id"]]


async def test_an_address_is_the_same_in_capitals(
    as_user: AsyncClient, body: dict[str, Any]
) -> None:
    await as_user.post(URL, json=body | {"mail": "ada@example.com"})
    other = body | CHANGES | {"mail": "ADA@example.com"}
    answer = await as_user.post(URL, json=other)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "Another row has this mail."


async def test_a_row_that_is_deleted_meanwhile_is_not_found(
    session: AsyncSession, user: User
) -> None:
    product = await add_product(session, user)
    gone = delete(Product).where(Product.id == product.id)
    await session.execute(gone.execution_options(synchronize_session=False))
    with pytest.raises(NotFoundError):
        await service.update_product(session, product, ProductUpdate(title="x"))
