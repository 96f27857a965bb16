"""What doctor reports of the parts that fastgen.toml records, after edits."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fastgen.change.doctor import project_findings
from fastgen.cli.main import run
from fastgen.plan import Severity
from fastgen.project.reading import load_project

Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        flags = ("--no-install", "--no-git", "--quiet")
        assert run(["new", "shop", "--with", "database,mail", *flags]) == 0
        patch.chdir(home / "shop")
        fields = ("title:str", "sku:str")
        assert run(["generate", "resource", "Product", *fields, "--quiet"]) == 0
    return home / "shop"


@pytest.fixture
def project(original: Path) -> Path:
    """The project, unedited; always in one folder, for which its render is cached."""
    folder = original.with_name("edited")
    shutil.rmtree(folder, ignore_errors=True)
    return Path(shutil.copytree(original, folder))


def said(root: Path) -> list[str]:
    return [
        f"{finding.path}: {finding.message}"
        for finding in project_findings(load_project(root))
        if finding.severity is not Severity.NOTICE
    ]


def replaced(path: str, *pairs: tuple[str, str]) -> Edit:
    """The edit of `path` that replaces patterns."""

    def edit(root: Path) -> None:
        text = (root / path).read_text()
        for old, new in pairs:
            assert re.search(old, text, re.MULTILINE), old
            text = re.sub(old, new, text, flags=re.MULTILINE)
        (root / path).write_text(text)

    return edit


def everywhere(old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        for file in [*root.glob("src/**/*.py"), *root.glob("tests/**/*.py")]:
            file.write_text(file.read_text().replace(old, new))

    return edit


def moved(old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        (root / new).parent.mkdir(parents=True, exist_ok=True)
        (root / old).rename(root / new)

    return edit


def written(path: str, text: str) -> Edit:
    def edit(root: Path) -> None:
        (root / path).write_text(text)

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(root: Path) -> None:
        for each in edits:
            each(root)

    return edit


MAIN, SETTINGS = "src/shop/main.py", "src/shop/settings.py"
MODELS, SCHEMAS = "src/shop/products/models.py", "src/shop/products/schemas.py"
ROUTER = "from shop.products.router import router as products"
OWN_ROUTER = """
from fastapi import APIRouter
from shop.products.router import router

api = APIRouter()
for each in [router]:
    api.include_router(each)
"""

PRESENT: dict[str, list[Edit]] = {
    "nothing was edited": [],
    "an alias": [
        replaced(MAIN, ("router as products", "router as shelf")),
        replaced(MAIN, (r"router\(products", "router(shelf")),
    ],
    "another file includes it": [
        written("src/shop/api.py", OWN_ROUTER),
        replaced(MAIN, (r"^.*products.*\n", "")),
    ],
    "a module's attribute": [
        replaced(MAIN, (ROUTER, "from shop.products import router as found")),
        replaced(MAIN, (r"router\(products", "router(found.router")),
    ],
    "a package hands it on": [
        written("src/shop/products/__init__.py", "from .router import router as r\n"),
        replaced(MAIN, (ROUTER, "from shop import products")),
        replaced(MAIN, (r"router\(products", "router(products.r")),
    ],
    "a star": [
        written("src/shop/stars.py", "from shop.products.router import *\n"),
        replaced(MAIN, (ROUTER, "from shop.stars import router as products")),
    ],
    "a relative import": [replaced(MAIN, (r"from shop\.products", "from .products"))],
    "a module that moved": [
        moved("src/shop/products", "src/shop/domain/products"),
        written("src/shop/domain/__init__.py", ""),
        everywhere("shop.products", "shop.domain.products"),
    ],
    "a package that was renamed": [
        moved("src/shop", "src/store"),
        everywhere("shop.", "store."),
        everywhere("from shop import", "from store import"),
    ],
    "a factory of the user's": [
        moved(MAIN, "src/shop/factory.py"),
        replaced("src/shop/factory.py", (r"^app = create_app\(\)\n", "")),
        written(MAIN, "from shop.factory import create_app\n\napp = create_app()\n"),
    ],
    "another bound": [replaced("pyproject.toml", ("aiosqlite>=0.22", "AIOsqlite==1"))],
    "requirements.txt": [
        replaced("pyproject.toml", (r'^    "aiosqlite.*\n', "")),
        written("requirements.txt", "aiosqlite==0.23\n"),
    ],
    "a setting in another class": [
        replaced(SETTINGS, (r"^    mail: .*\n", "")),
        replaced(
            SETTINGS,
            (
                r"^class Settings\(BaseSettings\):",
                "class More(BaseSettings):\n"
                "    post: MailSettings = MailSettings()\n\n\n"
                "class Settings(More):",
            ),
        ),
    ],
    "a field of a mixin": [
        replaced(MODELS, (r"^    sku: .*\n", "")),
        replaced(
            MODELS,
            (r"^class Product\(", "class Sku:\n    sku: Mapped[str]\n\n\n"),
        ),
        replaced(MODELS, (r"^(Record\):)", r"class Product(Sku, \1")),
    ],
    "a schema with another name": [
        replaced(SCHEMAS, (r"^class ProductRead\(", "class ProductOut(")),
        everywhere("ProductRead", "ProductOut"),
    ],
    "a type in quotes": [
        replaced("src/shop/lifespan.py", ("sessions: Sessions", 'sessions: "Sessions"'))
    ],
}


@pytest.mark.parametrize("edits", PRESENT.values(), ids=PRESENT)
def test_a_part_that_is_there_in_another_way_is_not_missed(project, edits):
    for edit in edits:
        edit(project)
    assert said(project) == []


MISSING: dict[str, tuple[Edit, str]] = {
    "a router": (
        replaced(MAIN, (r"^    api.include_router\(products.*\n", "")),
        f"{MAIN}: lacks the router products",
    ),
    "a setting": (
        replaced(SETTINGS, (r"^    mail: .*\n", "")),
        f"{SETTINGS}: lacks the setting mail",
    ),
    "a connection": (
        replaced("src/shop/lifespan.py", (r"^    sessions: Sessions\n", "")),
        "src/shop/lifespan.py: lacks the connection sessions",
    ),
    "a middleware": (
        replaced(MAIN, (r"^    app.add_middleware\(RequestContextMiddleware\)\n", "")),
        f"{MAIN}: lacks the middleware RequestContextMiddleware",
    ),
    "a dependency": (
        replaced("pyproject.toml", (r'^    "aiosqlite.*\n', "")),
        "pyproject.toml: lacks the dependency aiosqlite",
    ),
    "a column": (
        replaced(MODELS, (r"^    sku: .*\n", "")),
        f"{MODELS}: lacks the field sku of Product",
    ),
    "a field of a schema": (
        replaced(SCHEMAS, (r"^(class ProductUpdate[^#]*?)^    sku: .*\n", r"\1")),
        f"{SCHEMAS}: lacks the field sku of ProductUpdate",
    ),
    "a router, in a file that moved": (
        all_of(
            moved(MAIN, "src/shop/web/app.py"),
            everywhere("shop.main", "shop.web.app"),
            replaced("src/shop/web/app.py", (r"^    api.include_router\(pro.*\n", "")),
        ),
        "src/shop/web/app.py: lacks the router products",
    ),
    "code that does not parse": (
        written("src/shop/own.py", "def f(:\n"),
        "src/shop/own.py: does not parse",
    ),
    "a conflict of git's in a file of the user's": (
        written("src/shop/own.py", "<<<<<<< HEAD\na = 1\n=======\n>>>>>>> b\n"),
        "src/shop/own.py: a conflict is not resolved yet",
    ),
}


@pytest.mark.parametrize(("edit", "message"), MISSING.values(), ids=MISSING)
def test_a_part_that_is_missing_is_named_with_its_file(project, edit, message):
    edit(project)
    found = said(project)
    assert [text for text in found if text.startswith(message)], found
    assert len(found) == 1, found
