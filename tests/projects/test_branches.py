"""Two people who each generate a resource and take a migration of a module, on branches
of their own; git merges them, and `fastgen doctor --fix` makes one head of two."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from .commands import fastgen, run
from .conftest import Make
from .generated import SLOW_FILES, Generated
from .postgres import new_database

CONFLICT = re.compile(r"^<{7}.*\n((?s:.*?))={7}\n((?s:.*?))>{7}.*\n", re.MULTILINE)
STATEMENTS = re.compile(
    r"^<{7}.*\n(.*\(\n)={7}\n(.*\(\n)>{7}.*\n((?: {8}.*\n)+ {4}\)\n)", re.MULTILINE
)
"""A conflict of the first lines of two statements whose other lines are the same."""


BRANCHES = {
    "left": ("Apple", "auth.totp=true"),
    "right": ("Zebra", "auth.api_keys=true"),
}

NEW_SHOP = (
    "INSERT INTO shops (id, name, owner_id, created_at, updated_at) VALUES"
    " ('01a1feac05dd740caafa92161e061458', 'Corner',"
    " '01a1feac05dd740caafa92161e061459', '2026-01-01', '2026-01-01')"
)
NEW_USER = (
    "INSERT INTO users"
    " (id, email, password_hash, role, is_active, created_at, updated_at) VALUES"
    " ('01a1feac05dd740caafa92161e061459', 'ada@example.com', 'none', 'user', true,"
    " '2026-01-01', '2026-01-01')"
)


@contextmanager
def database(engine: str, folder: Path, name: str) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / name}.db"
    else:
        with new_database() as url:
            yield url


def query(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last one."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection, connection:
            return [connection.execute(each).fetchall() for each in statements][-1]
    with psycopg.connect(url) as connection:
        for each in statements:
            cursor = connection.execute(each)
        return cursor.fetchall() if cursor.description else []


def commit(project: Generated, message: str) -> None:
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", message)


@pytest.mark.slow
@pytest.mark.parametrize(
    "engine", ["postgres", pytest.param("sqlite", marks=pytest.mark.matrix)]
)
def test_two_branches_with_migrations_become_one(
    make: Make, engine: str, tmp_path: Path
) -> None:
    project = make("shop", "--with", "auth", "--set", f"database.engine={engine}")
    root = project.root
    fastgen("generate", "resource", "Shop", "name:str:unique", folder=root)
    project.git("branch", "--move", "main")
    commit(project, "Shop")

    with ExitStack() as stack:
        at_work = {
            name: project.with_variables(
                DATABASE_URL=stack.enter_context(database(engine, tmp_path, name))
            )
            for name in BRANCHES
        }
        for name, (resource, option) in BRANCHES.items():
            project.git("checkout", "--quiet", "-b", name, "main")
            words = ("name:str", "shop:ref:Shop:optional")
            fastgen("generate", "resource", resource, *words, folder=root)
            fastgen("set", option, folder=root)
            commit(project, resource)
            at_work[name].migrate()
            query(at_work[name].variables["DATABASE_URL"], NEW_USER, NEW_SHOP)

        merge_both(project)
        said = fastgen("doctor", folder=root, code=3)
        assert "is a head of the migrations beside src/shop/db/migrations/" in said
        said = fastgen(
            "generate", "field", "Shop", "size:int:optional", folder=root, code=3
        )
        assert "`fastgen doctor --fix`" in said

        before = project.files()
        fastgen("doctor", "--fix", "--dry-run", folder=root)
        assert project.files() == before
        fastgen("doctor", "--fix", folder=root)
        assert fastgen("doctor", "--fix", folder=root) == "No problems found.\n"
        assert len(project.tool("alembic", "heads").splitlines()) == 1
        project.lint()
        fastgen("generate", "field", "Shop", "size:int:default=3", folder=root)
        for name in BRANCHES:
            at_work[name].migrate()
            at_work[name].tool("alembic", "check")
            url = at_work[name].variables["DATABASE_URL"]
            assert query(url, "SELECT name, size FROM shops") == [("Corner", 3)]
            assert query(url, "SELECT name FROM apples") == []
            assert query(url, "SELECT name FROM zebras") == []
        if engine == "sqlite":
            # No merge of lines breaks a contract, a server or a timing alone: a route
            # that is lost or doubled fails the other tests.
            project.passed(left_out=SLOW_FILES)

        fastgen("undo", "--yes", folder=root)
        fastgen("undo", "--yes", folder=root)
        assert project.files() == before


def merge_both(project: Generated) -> None:
    """In a conflict take the lines of both, as one does where both only added some."""
    project.git("checkout", "--quiet", "left")
    run(["git", "merge", "right"], project.root, project.environment, code=1)
    conflicts = project.git("diff", "--name-only", "--diff-filter=U").split()
    assert "fastgen.toml" not in conflicts
    for path in conflicts:
        text = (project.root / path).read_text()
        text = STATEMENTS.sub(r"\1\3\2\3", text)
        (project.root / path).write_text(CONFLICT.sub(lines_of_both, text))
    project.tool("ruff", "check", "--fix", "--quiet")
    project.tool("ruff", "format", "--quiet")
    commit(project, "Merge right")


def lines_of_both(conflict: re.Match[str]) -> str:
    ours, theirs = (side.splitlines(keepends=True) for side in conflict.groups())
    return "".join([*ours, *(line for line in theirs if line not in ours)])
