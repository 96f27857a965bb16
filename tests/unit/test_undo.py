"""`fastgen undo` in real projects: what it asks, what it leaves, what it refuses."""

import re
import sqlite3
from pathlib import Path

import pytest

from fastgen.cli.main import run
from tests.apply_trees import snapshot

QUIET = ("--no-install", "--no-git", "--quiet")
PRODUCT = ["generate", "resource", "Product", "title:str", *QUIET[::2]]
VERSIONS = Path("src/shop/db/migrations/versions")


@pytest.fixture
def project(tmp_path, monkeypatch, request):
    monkeypatch.setenv("CI", "1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    modules = getattr(request, "param", "database")
    assert run(["new", "shop", "--with", modules, *QUIET]) == 0
    monkeypatch.chdir("shop")
    return tmp_path / "shop"


def migrated(path: Path, *revisions: str) -> None:
    """A database at these revisions, as Alembic leaves it."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    rows = [(revision,) for revision in revisions]
    connection.executemany("INSERT INTO alembic_version VALUES (?)", rows)
    connection.commit()
    connection.close()


def revision(name: str) -> str:
    found = re.search(r'^revision: str = "(\w+)"', (VERSIONS / name).read_text(), re.M)
    assert found
    return found[1]


def set_url(line: str) -> None:
    """Write another line for the URL of the database into `.env`."""
    text = re.sub("(?m)^DATABASE_URL=.*", line, Path(".env").read_text())
    Path(".env").write_text(text)


def others(
    found: dict[str, tuple[bytes | None, int]],
) -> dict[str, tuple[bytes | None, int]]:
    """`found` without `.env`, which the test has edited."""
    return {path: value for path, value in found.items() if path != ".env"}


def test_a_new_project_is_deleted_once_that_is_confirmed(project, capsys):
    Path(".env").write_text("MINE=1\n")
    Path("notes.txt").write_text("mine")
    Path("src/shop/own").mkdir()
    Path("src/shop/own/code.py").write_text("mine = 1")
    before = snapshot(project)
    for flags in ([], ["--quiet"], ["--dry-run"], ["--json"]):
        assert run(["undo", *flags]) == 2
        assert "This deletes the project shop: " in "".join(capsys.readouterr())
    assert snapshot(project) == before
    assert run(["undo", "--yes", "--dry-run"]) == 0
    assert snapshot(project) == before
    capsys.readouterr()
    assert run(["undo", "--yes"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Takes back `new shop`\n")
    assert "notice: .env: stays as it is" in printed
    assert "fastgen did not write them: notes.txt, src/shop/own/\n" in printed
    left = {path: found for path, found in before.items() if path in snapshot(project)}
    assert snapshot(project) == left
    assert [path for path, (content, _) in left.items() if content is not None] == [
        ".env",
        "notes.txt",
        "src/shop/own/code.py",
    ]


def test_a_project_can_be_made_again_in_its_place_and_keeps_its_secrets(
    project, monkeypatch
):
    Path(".env").write_text("MINE=1\nLOG_LEVEL=DEBUG\n")
    assert run(["undo", "--yes", "--quiet"]) == 0
    monkeypatch.chdir("..")
    assert run(["new", "shop", "--with", "database", *QUIET]) == 0
    text = (project / ".env").read_text()
    assert text.startswith("MINE=1\nLOG_LEVEL=DEBUG\n")


@pytest.mark.parametrize("edit", ["", "MAIL_FROM=me@example.com\n", None])
def test_the_env_file_is_never_touched(project, capsys, edit):
    before = snapshot(project)
    assert run(["add", "mail", "--no-install", "--quiet"]) == 0
    path = Path(".env")
    if edit is None:
        path.unlink()
    else:
        path.write_text(path.read_text() + edit)
    kept = path.read_bytes() if path.exists() else None
    capsys.readouterr()
    assert run(["undo", "--no-install"]) == 0
    assert ("notice: .env: stays" in capsys.readouterr().out) == (edit is not None)
    assert (path.read_bytes() if path.exists() else None) == kept
    assert others(snapshot(project)) == others(before)


def test_a_migration_that_no_database_has_is_deleted(project):
    before = snapshot(project)
    assert run(PRODUCT) == 0
    assert run(["undo", "--quiet"]) == 0
    assert snapshot(project) == before
    assert run(PRODUCT) == 0
    migrated(project / "shop.db", "0123456789ab")
    assert run(["undo", "--quiet"]) == 0


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("", "shop.db"),
        ("DATABASE_URL=sqlite:///data/own.db", "data/own.db"),
        ("DATABASE_URL='sqlite+aiosqlite:///shop.db?timeout=5' # mine", "shop.db"),
    ],
)
def test_a_migration_that_the_database_has_is_not_deleted(project, capsys, url, file):
    assert run([*PRODUCT]) == 0
    assert run(["generate", "field", "Product", "size:int:optional", *QUIET[::2]]) == 0
    if url:
        set_url(url)
    (project / file).parent.mkdir(exist_ok=True)
    migrated(project / file, revision("products_add_size.py"))
    before = snapshot(project)
    for flags in ([], ["--yes"], ["--dry-run"]):
        assert run(["undo", *flags]) == 3
        error = capsys.readouterr().err
        assert f"`uv run alembic downgrade {revision('products.py')}`" in error
        assert file in error
    assert snapshot(project) == before
    connection = sqlite3.connect(project / file)
    connection.execute("UPDATE alembic_version SET version_num = ?", ["before"])
    connection.commit()
    connection.close()
    assert run(["undo", "--quiet"]) == 0


@pytest.mark.parametrize(
    "url", ["postgresql://localhost/shop", "sqlite:///broken.db", "mysql://localhost/x"]
)
def test_a_migration_whose_database_cannot_be_seen_needs_a_yes(project, capsys, url):
    Path(".venv").mkdir()
    Path("broken.db").write_text("this is no database, and it is long enough" * 50)
    before = snapshot(project)
    assert run(PRODUCT) == 0
    made = snapshot(project)
    text = re.sub(
        "(?m)^DATABASE_URL=.*", f"DATABASE_URL={url}", Path(".env").read_text()
    )
    Path(".env").write_text(text)
    assert run(["undo", "--no-install"]) == 2
    error = capsys.readouterr().err
    assert "fastgen cannot see whether a database has applied it" in error
    assert "`uv run alembic downgrade base`" in error
    assert others(snapshot(project)) == others(made)
    assert run(["undo", "--yes", "--no-install"]) == 0
    assert others(snapshot(project)) == others(before)


def test_without_an_environment_an_unseen_database_is_a_warning(project, capsys):
    before = snapshot(project)
    assert run(PRODUCT) == 0
    set_url("DATABASE_URL=postgresql://localhost/shop")
    assert run(["undo"]) == 0
    assert "cannot see whether a database has applied it" in capsys.readouterr().out
    assert others(snapshot(project)) == others(before)


def test_a_migration_that_another_one_follows_is_not_deleted(project, capsys):
    assert run(PRODUCT) == 0
    text = (VERSIONS / "products.py").read_text()
    text = text.replace(
        f'revision: str = "{revision("products.py")}"', 'revision = "a"'
    )
    followed = f'"{revision("products.py")}"'
    text = re.sub("(?m)^down_revision.*", f"down_revision = {followed}", text)
    (VERSIONS / "own.py").write_text(text)
    before = snapshot(project)
    assert run(["undo", "--yes"]) == 3
    error = capsys.readouterr().err
    assert f"{VERSIONS}/own.py follows {VERSIONS}/products.py" in error
    assert snapshot(project) == before


def test_a_file_that_was_edited_since_is_not_lost(project, capsys):
    assert run(PRODUCT) == 0
    Path("src/shop/products/service.py").write_text("# mine\n")
    before = snapshot(project)
    assert run(["undo", "--yes"]) == 3
    assert "src/shop/products/service.py" in capsys.readouterr().err
    assert snapshot(project) == before


@pytest.mark.parametrize("project", ["docker"], indirect=True)
def test_the_list_has_the_commands_that_were_not_undone(project, capsys):
    assert run(["remove", "docker", *QUIET[::2]]) == 0
    assert run(["set", "core.server=granian", *QUIET[::2]]) == 0
    assert run(["undo", "--quiet"]) == 0
    capsys.readouterr()
    assert run(["undo", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    commands = [line.split("  (")[0].split(maxsplit=1)[1] for line in lines]
    assert commands == ["remove docker", "new shop"]
