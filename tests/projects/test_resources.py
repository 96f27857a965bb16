"""Resources of generated projects: of every type, flag, access and reference. They are
linted, typed, tested on both databases, served, asked, and shown in the admin."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from jsonschema import Draft202012Validator

from .commands import fastgen, run
from .conftest import Make
from .contract import NO_LIMIT, check_contract
from .generated import Generated, ask

HERE = Path(__file__).parent
SHOP = HERE / "shop.toml"

EVERYTHING = (
    "title:str:max=120:unique",
    "price:decimal:10:2:min=0.01:index",
    "tags:list:str",
    "status:enum:draft:live:index:default=draft",
    "body:text:optional",
    "rating:float:optional",
    "category:ref:Category",
    "other:ref:Category:optional:cascade",
    "stock:int:min=0:default=0",
    "made:date",
    "date:date:optional",
    "at:datetime:index",
    "clock:time:optional",
    "key:uuid:optional",
    "meta:json:optional",
    "mail:email:unique",
    "site:url:optional",
    "blob:bytes:max=100:optional",
    "big:bigint:optional",
    "on:bool:default=true",
    "code:str:pattern=^[A-Z]{3}-[0-9]+$",
    "secret:str:writeonly",
    "views:int:default=0:readonly",
)


@pytest.mark.slow
def test_a_resource_of_all_types_passes_its_suite(make: Make, postgres: str) -> None:
    """Beside others with names of two meanings, and in a circle."""
    project = make("shop", "--with", "database")
    generate(project, "Category", "name:str:unique", "parent:ref:Category:optional")
    generate(project, "Product", *EVERYTHING)
    generate(project, "News", "title:str:index", "type:str:optional")
    generate(project, "Class", "room:str:index")
    generate(project, "Teacher", "name:str", "main_class:ref:Class:optional:cascade")
    circle = ("generate", "field", "Class", "teacher:ref:Teacher:optional")
    fastgen(*circle, folder=project.root)
    generate(project, "Metadata", "key:str")
    generate(project, "Empty")
    project.lint()
    project.check_types()
    project.passed()
    project.with_variables(TEST_DATABASE_URL=postgres).passed(report="postgres")


WAYS = [("sqlmodel", "sqlite"), ("sqlalchemy", "postgres")]
each_way = pytest.mark.parametrize(("orm", "engine"), WAYS)


@pytest.fixture
def shop(make: Make, orm: str, engine: str) -> Generated:
    """The project of shop.toml, with logins and the admin."""
    options = (f"database.orm={orm}", f"database.engine={engine}")
    chosen = [word for option in options for word in ("--set", option)]
    return make("myapi", "--from", str(SHOP), *chosen)


@pytest.mark.slow
@pytest.mark.matrix
@each_way
def test_resources_of_every_access_pass_their_suite(
    shop: Generated, postgres: str
) -> None:
    """With tests of ours among its own: they need what a generated test has."""
    shop.lint()
    shop.check_types()
    for probe in (HERE / "probes").glob("*.py"):
        shutil.copy(probe, shop.root / "tests" / f"test_{probe.name}")
    shop.passed()
    shop.with_variables(TEST_DATABASE_URL=postgres).passed(report="postgres")


@pytest.mark.slow
@pytest.mark.matrix
@each_way
def test_a_server_of_every_access_keeps_its_contract(
    shop: Generated, postgres: str, engine: str
) -> None:
    """As nobody, as a user and as an administrator; and it takes its own examples."""
    if engine == "postgres":
        shop = shop.with_variables(DATABASE_URL=postgres)
    shop.migrate()
    shop.tool("alembic", "check")
    with shop.with_variables(**NO_LIMIT).serving() as address:
        document = ask(f"{address}/openapi.json").document
        check_examples(document, address, token_of_admin(shop, address))
        for role in ("", "user", "admin"):
            check_contract(shop, address, role, examples=10)


def check_examples(document: dict[str, Any], address: str, token: str) -> None:
    """Each example is valid, and creates a row; those of references come first."""
    schemas = document["components"]["schemas"]
    made: dict[str, str] = {}
    for name, path in PATHS.items():
        schema = {**schemas[name], "components": document["components"]}
        (example,) = schema["examples"]
        Draft202012Validator(schema).validate(example)
        body = {**example, **{k: made[k] for k in example if k in made}}
        row = post(f"{address}/api/v1/{path}", body, token)
        made[f"{name.removesuffix('Create').lower()}_id"] = row["id"]


PATHS = {
    "CategoryCreate": "categories",
    "NewsCreate": "news",
    "ProductCreate": "products",
    "ReviewCreate": "reviews",
    "PolicyCreate": "policies",
}


def post(url: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = Request(url, json.dumps(body).encode(), headers)  # noqa: S310 (our own)
    with urlopen(request, timeout=10) as answer:  # noqa: S310 (our own server)
        assert answer.status == 201
        row = json.load(answer)
    assert isinstance(row, dict)
    return row


def token_of_admin(project: Generated, address: str) -> str:
    password = "correct horse battery staple"  # noqa: S105 (of nobody)
    program = f"{project.root}/.venv/bin/python"
    create = (program, "-m", f"{project.package}.auth.create_admin", "a@example.com")
    run(create, project.root, project.environment, text=f"{password}\n")
    form = f"username=a@example.com&password={password.replace(' ', '+')}"
    with urlopen(f"{address}/api/v1/auth/login", form.encode(), timeout=10) as answer:  # noqa: S310
        token = json.load(answer)["access_token"]
    assert isinstance(token, str)
    return token


def generate(project: Generated, name: str, *fields: str) -> None:
    fastgen("generate", "resource", name, *fields, folder=project.root)
