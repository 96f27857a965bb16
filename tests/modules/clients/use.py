"""What a program does with the client in Python; mypy and the test run it."""

import sys
from datetime import UTC, datetime

from shop_client import AuthenticatedClient, Client
from shop_client.api.auth import login
from shop_client.api.products import (
    create_product,
    delete_product,
    list_products,
    update_product,
)
from shop_client.models import (
    Credentials,
    Problem,
    ProductCreate,
    ProductPage,
    ProductRead,
    ProductStatus,
    ProductUpdate,
    Tokens,
)


def main(address: str, username: str, password: str) -> None:
    nobody = Client(base_url=address)
    wrong = login.sync(client=nobody, body=Credentials(username, "something else"))
    assert isinstance(wrong, Problem)
    assert wrong.status == 401
    tokens = login.sync(client=nobody, body=Credentials(username, password))
    assert isinstance(tokens, Tokens)
    client = AuthenticatedClient(base_url=address, token=tokens.access_token)

    made_at = datetime(2030, 1, 31, 12, tzinfo=UTC)
    new = ProductCreate(title="Emma", price="7.50", made_at=made_at)
    made = create_product.sync(client=client, body=new)
    assert isinstance(made, ProductRead)
    assert (made.title, made.price, made.made_at) == ("Emma", "7.50", made_at)

    changes = ProductUpdate(title="Persuasion")
    changed = update_product.sync(made.id, client=client, body=changes)
    assert isinstance(changed, ProductRead)
    assert (changed.title, changed.price) == ("Persuasion", "7.50")

    states = [ProductStatus.DRAFT, ProductStatus.LIVE]
    page = list_products.sync(
        client=client,
        status=states,
        price_min="7.50",
        made_before=datetime(2031, 1, 1, tzinfo=UTC),
        search="suasi",
        total=True,
    )
    assert isinstance(page, ProductPage)
    assert (page.data, page.total) == ([changed], 1)
    assert delete_product.sync_detailed(made.id, client=client).status_code == 204


main(*sys.argv[1:])
