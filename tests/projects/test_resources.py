"""Resources of generated projects: shop.toml has every type, flag and access, and
references and `many`. One shop has SQLAlchemy with PostgreSQL, one SQLModel with
SQLite; the other two combinations rotate. They are linted, typed, tested, served,
asked, and shown in the admin. Resources without logins are in test_evolution.py and
test_many.py.
"""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from jsonschema import Draft202012Validator

from .commands import run
from .conftest import Make
from .contract import NO_LIMIT, check_contract
from .database import OTHER_WAYS, WAYS
from .generated import Generated, ask, suites_of
from .rotation import rotated

HERE = Path(__file__).parent
SHOP = HERE / "shop.toml"

matrix = pytest.mark.matrix

ROLES = rotated([("", "user"), ("user", "admin"), ("admin", "")])
"""Who asks the two shops from outside: in three days everybody asks both."""

ASKED = [(*way, role) for roles in ROLES for way, role in zip(WAYS, roles, strict=True)]


@pytest.fixture
def shop(make: Make, orm: str, engine: str) -> Generated:
    """The project of shop.toml, with logins and the admin."""
    options = (f"database.orm={orm}", f"database.engine={engine}")
    chosen = [word for option in options for word in ("--set", option)]
    return make("myapi", "--from", str(SHOP), *chosen)


@pytest.fixture
def tested(shop: Generated, engine: str, postgres: str) -> Generated:
    """The shop, whose tests use a database of its engine."""
    if engine == "sqlite":
        return shop
    return shop.with_variables(TEST_DATABASE_URL=postgres)


def add_probes(shop: Generated) -> list[str]:
    """Put tests of ours among its own: they need what a generated test has."""
    probes = {f"tests/test_{path.name}": path for path in HERE.glob("probes/*.py")}
    for name, probe in probes.items():
        shutil.copy(probe, shop.root / name)
    return list(probes)


@pytest.mark.slow
@matrix
@pytest.mark.parametrize(("orm", "engine"), WAYS)
def test_resources_of_every_access_pass_their_suite(tested: Generated) -> None:
    tested.lint()
    tested.check_types()
    add_probes(tested)
    tested.passed()


@pytest.mark.slow
@matrix
@pytest.mark.parametrize(("orm", "engine"), rotated(OTHER_WAYS))
def test_resources_pass_their_tests_with_the_other_engine(tested: Generated) -> None:
    tested.lint()
    tested.check_types()
    plurals = [path.stem for path in tested.root.glob("tests/factories/[a-z]*.py")]
    assert len(plurals) == SHOP.read_text().count("[resources.")
    suites = [suite for plural in plurals for suite in suites_of(tested, plural)]
    tested.passed(files=["tests/test_migrations.py", *suites, *add_probes(tested)])


@pytest.mark.slow
@matrix
@pytest.mark.parametrize(("orm", "engine", "role"), ASKED)
def test_a_server_of_every_access_keeps_its_contract(
    shop: Generated, engine: str, postgres: str, role: str
) -> None:
    """And it takes the examples of its document."""
    if engine == "postgres":
        shop = shop.with_variables(DATABASE_URL=postgres)
    shop.migrate()
    shop.tool("alembic", "check")
    with shop.with_variables(**NO_LIMIT).serving() as address:
        document = ask(f"{address}/openapi.json").document
        check_examples(document, address, token_of_admin(shop, address))
        check_contract(shop, address, role, examples=10)


def check_examples(document: dict[str, Any], address: str, token: str) -> None:
    """Each example is valid, and creates a row; those of references come first. What
    needs no value has none."""
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
    "TagCreate": "tags",
    "TableCreate": "tables",
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
