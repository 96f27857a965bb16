"""A project in which people have worked for a year gets a database, logins and an
admin, and loses them again.

After each step it has every line of its people, is linted and typed, their own tests
pass, it has one Alembic head, and its rows are still there in SQLite and in PostgreSQL.
Its whole suite runs three times: before the first step, with all of the modules, and
after the last one.
"""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cases.edits import edit, user_lines

from .commands import CHECKOUT, fastgen
from .conftest import Make
from .generated import Generated

Edits = list[dict[str, Any]]

REFUSED = 5  # the gate's exit code

NEW_NOTE = (
    "INSERT INTO notes (id, text, created_at, updated_at) VALUES "
    "('{n:032x}', 'note {n}', '2026-03-01 09:00:00', '2026-03-01 09:00:00')"
)


def edits_of(path: Path) -> Edits:
    edits = tomllib.loads(path.read_text())["edits"]
    assert isinstance(edits, list)
    return edits


HERE = Path(__file__).parent
YEAR = edits_of(CHECKOUT / "tests" / "cases" / "year.toml")
NOTES = edits_of(HERE / "notes.toml")
LOGINS = edits_of(HERE / "logins.toml")

NEW_USER = (
    "INSERT INTO users "
    "(id, email, password_hash, role, is_active, created_at, updated_at) VALUES "
    "('00000000000000000000000000000009', 'ada@example.com', 'none', 'user', true, "
    "'2026-03-01 09:00:00', '2026-03-01 09:00:00')"
)


@dataclass
class Story:
    """The project, what people wrote in it, and its databases with their rows."""

    project: Generated
    databases: tuple[str, ...]
    written: Edits = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.project.root

    def people_write(self, edits: Edits) -> None:
        for change in edits:
            edit(self.root, change)
        self.written += edits

    def people_take_back(self, edits: Edits) -> None:
        """All but a migration, which is history."""
        for change in edits:
            if "/migrations/" in change["path"]:
                continue
            if "content" in change:
                (self.root / change["path"]).unlink()
            elif "insert" in change:
                self.replace(change["path"], change["insert"], "")
            else:
                self.replace(change["path"], change["by"], change["replace"])
        self.written = [change for change in self.written if change not in edits]

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text
        (self.root / path).write_text(text.replace(old, new))

    def fastgen(self, *arguments: str) -> None:
        """A step, and what has to hold after it."""
        self.step(*arguments)
        self.check()

    def step(self, *arguments: str) -> None:
        """One that can be taken back, and changes nothing when it is done again."""
        command = (*arguments, "--no-install")
        lines, before = self.own_lines(), self.project.files()
        fastgen(*command, folder=self.root)
        fastgen("undo", "--no-install", folder=self.root)
        environment = self.project.files().get(".env")  # which undo never touches
        assert self.project.files() == {**before, ".env": environment}
        fastgen(*command, folder=self.root)
        after = self.project.files()
        fastgen(*command, folder=self.root)
        assert self.project.files() == after
        assert not lines - self.own_lines(), "lines of people's"

    def insert(self, statement: str) -> None:
        for url in self.databases:
            with connected(url) as cursor:
                cursor.execute(statement)

    def refused(self, *arguments: str) -> str:
        """What fastgen says instead of doing it."""
        before = self.project.files()
        said = fastgen(*arguments, "--no-install", folder=self.root, code=REFUSED)
        assert self.project.files() == before
        return said

    def own_lines(self) -> set[str]:
        """What people wrote and is still in a file."""
        files = self.project.files().values()
        texts = [content.decode(errors="replace") for content in files]
        lines = user_lines({"edits": self.written})
        return {line for line in lines if any(line in text for text in texts)}

    def check(self) -> None:
        self.project.lint()
        self.project.check_types()
        if self.has_database:
            heads = self.project.tool("alembic", "heads").splitlines()
            assert len([line for line in heads if line.endswith("(head)")]) <= 1, heads
            for url in self.databases:
                database = self.project.with_variables(DATABASE_URL=url)
                database.migrate()
                database.tool("alembic", "check")
        for url in self.databases:
            for table, number in self.rows.items():
                assert rows_of(url, table) == number, (url, table)
        self.project.passed(files=[*self.own_tests])

    @property
    def own_tests(self) -> list[str]:
        """The files of tests that people wrote."""
        paths = {change["path"] for change in self.written if "content" in change}
        return sorted(path for path in paths if path.startswith("tests/test_"))

    @property
    def has_database(self) -> bool:
        return "alembic" in (self.root / "pyproject.toml").read_text()


def without_history(project: Generated) -> dict[str, bytes]:
    """Its files, but for those that say what it was once made of."""
    return {
        path: content
        for path, content in project.files().items()
        if "/migrations/" not in path and path not in ("fastgen.toml", ".env")
    }


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor, whose changes are committed."""
    kind, _, path = url.partition(":///")
    with closing(
        sqlite3.connect(path) if kind == "sqlite" else psycopg.connect(url)
    ) as connection:
        yield connection.cursor()
        connection.commit()


def rows_of(url: str, table: str) -> int:
    with connected(url) as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (a name of ours)
        (number,) = cursor.fetchone()
    assert isinstance(number, int)
    return number


@pytest.fixture
def story(make: Make, tmp_path: Path, postgres: str) -> Story:
    project = make("myapi", "--with", "ci,docker")
    story = Story(project, (f"sqlite:///{tmp_path}/kept.db", postgres))
    story.people_write(YEAR)
    written = user_lines({"edits": story.written})
    assert story.own_lines() == written, "reformatted, a line of year.toml is another"
    story.check()
    project.passed()
    return story


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.long
def test_a_year_of_edits_outlives_what_modules_come_and_go(story: Story) -> None:
    before = without_history(story.project)

    story.fastgen("add", "database")
    story.people_write(NOTES)
    story.check()
    for n in range(1, 4):
        story.insert(NEW_NOTE.format(n=n))
    story.rows["notes"] = 3

    story.step("add", "auth")
    story.people_write(LOGINS)
    story.check()
    story.insert(NEW_USER)
    story.rows["users"] = 1

    story.fastgen("set", "database.engine=postgres")
    story.fastgen("set", "auth.totp=true")
    story.fastgen("add", "admin")
    story.project.passed()

    story.fastgen("remove", "admin")
    story.fastgen("set", "auth.totp=false")
    story.fastgen("set", "database.engine=sqlite")
    assert "src/myapi/reports/router.py:5" in story.refused("remove", "auth")
    story.people_take_back(LOGINS)
    story.fastgen("remove", "auth")
    story.fastgen("remove", "mail")
    assert "src/myapi/notes/models.py:4" in story.refused("remove", "database")
    story.people_take_back(NOTES)
    story.fastgen("remove", "database")
    story.project.passed()
    assert without_history(story.project) == before
