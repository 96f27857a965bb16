"""The admin of a project with tables of its own, used by a person with a browser."""

import json
import shutil
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.modules.browser import Browser, browser_at
from tests.projects.commands import run
from tests.projects.conftest import Make
from tests.projects.database import shop_with
from tests.projects.generated import Generated

ADMINISTRATOR = "grace@example.com"
PERSON = "ada@example.com"
PASSWORD = "correct horse battery staple"  # noqa: S105
TABLES = ("products", "tags", "stocks", "users", "logins")


def with_catalog(project: Generated, orm: str) -> Generated:
    """With what people add: models, a line where all of them are, a migration."""
    catalog = project.root / "src/shop/catalog"
    catalog.mkdir()
    (catalog / "__init__.py").touch()
    shutil.copy(
        Path(__file__).with_name("catalog") / f"{orm}.py", catalog / "models.py"
    )
    models = project.root / "src/shop/db/models.py"
    line = "from shop.catalog import models as catalog  # noqa: F401\n"
    models.write_text(f"{models.read_text()}\n{line}")
    project.tool("alembic", "upgrade", "head")
    project.tool("alembic", "revision", "--autogenerate", "-m", "catalog")
    project.tool("alembic", "upgrade", "head")
    command = [f"{project.root}/.venv/bin/python", "-m", "shop.auth.create_admin"]
    run([*command, ADMINISTRATOR], project.root, project.environment, text=PASSWORD)
    return project


@pytest.mark.slow
@pytest.mark.parametrize(
    ("orm", "engine"), [("sqlalchemy", "sqlite"), ("sqlmodel", "postgres")]
)
def test_an_administrator_works_with_every_table(
    make: Make, request: pytest.FixtureRequest, orm: str, engine: str
) -> None:
    project = shop_with("admin", make, orm, engine)
    if engine == "postgres":
        url = request.getfixturevalue("postgres")
        project = project.with_variables(DATABASE_URL=url)
    with_catalog(project, orm)
    with project.serving() as site, browser_at(site) as browser:
        refuses_wrong_password(browser)
        logs_in(browser)
        lists_every_table(browser)
        creates_rows(browser)
        is_told_what_is_wrong(browser)
        edits_a_row(browser)
        deletes_a_row(browser)
        logs_out(browser)
        a_person_without_the_role_is_refused(browser)
        assert browser.hosts() == {site.removeprefix("http://")}
        assert not [text for text in browser.complaints() if "olicy" in text]


def enter(browser: Browser, email: str, password: str = PASSWORD) -> None:
    browser.type("username", email)
    browser.type("password", password)
    browser.click("button[type=submit]")


def save(browser: Browser) -> None:
    browser.click("button[type=submit].btn-primary")


def refuses_wrong_password(browser: Browser) -> None:
    browser.go("/admin/products/list")
    assert browser.path.startswith("/admin/login?")
    browser.take_picture("admin-login")
    enter(browser, ADMINISTRATOR, "something else")
    assert browser.sees("Wrong email or password.")


def logs_in(browser: Browser) -> None:
    enter(browser, ADMINISTRATOR)
    assert browser.sees("New Product")
    assert browser.path == "/admin/products/list"


def lists_every_table(browser: Browser) -> None:
    browser.go("/admin")
    for table in TABLES:
        assert browser.sees(table.capitalize())
    browser.take_picture("admin-home")
    browser.go("/admin/users/list")
    assert browser.sees(ADMINISTRATOR)
    assert "assword" not in browser.text


def creates_rows(browser: Browser) -> None:
    browser.go("/admin/tags/create")
    browser.type("name", "wood")
    save(browser)
    assert browser.sees("added successfully")

    browser.go("/admin/products/create")
    assert "secret" not in browser.text.lower()
    browser.type("title", "A chair")
    browser.choose("kind", "game")
    browser.type("price", "19.90")
    browser.type("weight", "4.5")
    for field, found in (("owner", ADMINISTRATOR), ("tags", "wood")):
        browser.click(f"select[name={field}] + .select2 .select2-selection")
        browser.find(".select2-container--open .select2-search__field").send_keys(
            found[:3]
        )
        browser.click(".select2-results__option--selectable")
    browser.take_picture("admin-create")
    save(browser)
    assert browser.sees("added successfully")
    for shown in ("A chair", "GAME", "19.90", "4.5", ADMINISTRATOR):
        assert browser.sees(shown)
    browser.take_picture("admin-list")

    browser.go("/admin/stocks/create")
    browser.type("country", "fr")
    browser.type("tag_id", "1")
    browser.type("count", "7")
    save(browser)
    assert browser.sees("added successfully")
    assert browser.sees("fr")


def is_told_what_is_wrong(browser: Browser) -> None:
    browser.go("/admin/tags/create")
    browser.type("name", "wood")
    save(browser)
    assert browser.sees("Another row has this value.")
    browser.take_picture("admin-refused")


def edits_a_row(browser: Browser) -> None:
    browser.go("/admin/stocks/list")
    browser.click("tbody a[data-sa-name=edit]")
    browser.type("count", "8")
    save(browser)
    assert browser.sees("changed successfully")

    browser.go("/admin/products/list")
    browser.click("tbody a[data-sa-name=edit]")
    assert browser.sees("wood")
    browser.type("title", "An armchair")
    save(browser)
    assert browser.sees("changed successfully")
    assert browser.sees("An armchair")
    assert ADMINISTRATOR in browser.text


def deletes_a_row(browser: Browser) -> None:
    browser.go("/admin/tags/list")
    click_delete(browser)
    assert browser.sees("Other rows refer to it.")
    browser.go("/admin/products/list")
    click_delete(browser)
    assert browser.sees("successfully deleted")
    assert "An armchair" not in browser.find("table").text


def click_delete(browser: Browser) -> None:
    browser.click("tbody a[data-sa-name=delete]")
    browser.click(".modal.show #actionSubmit")


def logs_out(browser: Browser) -> None:
    browser.go("/admin/products/list")
    browser.click("[aria-label='Open user menu']")
    browser.click("form[action$=logout] button")
    assert browser.sees("Login to your account")
    browser.go("/admin/products/list")
    assert browser.sees("Login to your account")


def a_person_without_the_role_is_refused(browser: Browser) -> None:
    body = json.dumps({"email": PERSON, "password": PASSWORD}).encode()
    kind = {"Content-Type": "application/json"}
    register = Request(f"{browser.site}/api/v1/auth/users", body, kind)  # noqa: S310
    urlopen(register, timeout=10).close()  # noqa: S310 (our own server)
    browser.go("/admin/login")
    enter(browser, PERSON)
    assert browser.sees("This account is not an administrator's.")
    browser.go("/admin/users/list")
    assert browser.path.startswith("/admin/login?")
