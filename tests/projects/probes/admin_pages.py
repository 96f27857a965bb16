"""Goes into a generated project that has the module admin: each resource is listed,
shown, created and edited there, with rows in it."""

import json
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from admin_browsing import Browser
from myapi.admin.columns import has_needed_secret
from myapi.auth.models import User
from myapi.db.base import Record
from myapi.db.models import Base
from myapi.db.session import AsyncSession

FACTORIES = sorted(
    path.stem for path in (Path(__file__).parent / "factories").glob("[a-z]*.py")
)
MODELS = {m.local_table.name: m.class_ for m in inspect(User).registry.mappers}


async def new_row(plural: str, session: AsyncSession, user: User) -> Record:
    module = import_module(f"factories.{plural}")
    model = MODELS[plural]
    (add,) = (
        value
        for name, value in vars(module).items()
        if name.startswith("add_") and value.__module__ == module.__name__
    )
    users = [user] if "user" in add.__annotations__ else []
    # What is empty the admin takes for nothing, which a required text must not be.
    while "" in vars(row := await add(session, *users)).values():
        pass
    assert isinstance(row, model)
    return row


def values_of(page: str) -> dict[str, Any]:
    """What a browser would send of the form on a page, unchanged."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, Any] = {}
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
            given = dict(attrs)
            name, kind = given.get("name") or "", given.get("type", "text")
            if tag == "textarea":
                self.area = name
                self.found[name] = ""
            elif tag == "select":
                self.select = name
                for key in json.loads(given.get("data-initial") or "[]"):
                    self.found[name] = key
            elif tag == "option" and "selected" in given and self.select:
                self.found[self.select] = given.get("value", "")
            elif tag == "input" and name and kind not in ("checkbox", "file"):
                self.found[name] = given.get("value") or ""
            elif tag == "input" and kind == "checkbox" and "checked" in given:
                self.found[name] = given.get("value") or "on"

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                # As a browser does, since the text may begin with a line end.
                self.found[self.area] = self.found[self.area].removeprefix("\n")
                self.area = ""
            elif tag == "select":
                self.select = ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area] += data

    reader = Reader()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize("plural", FACTORIES)
async def test_a_row_is_listed_shown_and_saved_as_it_is(
    admin: Browser, session: AsyncSession, user: User, plural: str
) -> None:
    row = await new_row(plural, session, user)
    columns = {c.key for c in inspect(type(row)).columns} - {"updated_at"}
    before = {key: getattr(row, key) for key in columns}
    page = f"/{plural.replace('_', '-')}"
    for path in ("/list", f"/detail?pk={row.id}", f"/edit?pk={row.id}"):
        answer = await admin.see(page + path)
        assert answer.status_code == 200, (path, answer.text)
    new = await admin.see(f"{page}/create")
    assert new.status_code == (403 if has_needed_secret(inspect(type(row))) else 200)
    form = values_of(answer.text)
    saved = await admin.send(f"{page}/edit?pk={row.id}", **form)
    assert saved.status_code == 303, re.findall(
        r"invalid-feedback[^<]*<?[^<]*", saved.text
    )
    await session.refresh(row)
    after = {key: getattr(row, key) for key in columns}
    assert after == before
    table = Base.metadata.tables[plural]
    assert await session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("status", "Live"), ("price", "-5"), ("price", "NaN"), ("stock", "-1")),
        *(("tags", "[1, 2]"), ("tags", '{"a": 1}'), ("meta", "[1]"), ("mail", "ada")),
        *(("code", "lower case!"), ("site", "javascript:alert(1)"), ("title", "")),
    ],
)
async def test_what_a_request_cannot_send_is_refused_at_its_field(
    admin: Browser, session: AsyncSession, user: User, name: str, value: str
) -> None:
    product = await new_row("products", session, user)
    before = getattr(product, name)
    path = f"/products/edit?pk={product.id}"
    form = values_of((await admin.see(path)).text)
    answer = await admin.send(path, **form | {name: value})
    assert answer.status_code == 422
    assert re.search(rf'name="{name}".*?invalid-feedback', answer.text, re.DOTALL)
    await session.refresh(product)
    assert getattr(product, name) == before


async def test_an_enum_is_a_select(
    admin: Browser, session: AsyncSession, user: User
) -> None:
    product = await new_row("products", session, user)
    page = (await admin.see(f"/products/edit?pk={product.id}")).text
    select = re.search(r'<select[^>]*name="status".*?</select>', page, re.DOTALL)
    assert select
    assert re.findall(r'<option[^>]*value="(\w+)"', select[0]) == ["draft", "live"]
