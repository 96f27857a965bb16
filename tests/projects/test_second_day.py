"""A project in which people have worked for a year gets a database, logins and an
admin, and loses them again.

After each step it has every line of its people, its rows are still there in SQLite
and in PostgreSQL, it has one Alembic head, and its suite passes.
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

YEAR = CHECKOUT / "tests" / "cases" / "year.toml"
NOTES = Path(__file__).with_name("notes.toml")

REFUSED = 5  # the gate's exit code

NEW_NOTE = (
    "INSERT INTO notes (id, text, created_at, updated_at) VALUES "
    "('{n:032x}', 'note {n}', '2026-03-01 09:00:00', '2026-03-01 09:00:00')"
)


@dataclass
class Story:
    """The project, what people wrote in it, and its databases with their rows."""

    project: Generated
    databases: tuple[str, ...]
    written: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.project.root

    def people_write(self, *edits: dict[str, Any]) -> None:
        for change in edits:
            edit(self.root, change)
        self.written += edits

    def people_take_back(self, edits: list[dict[str, Any]]) -> None:
        for change in edits:
            path = self.root / change["path"]
            if "content" in change:
                path.unlink()
            else:
                text = path.read_text()
                assert text.count(change["insert"]) == 1
                path.write_text(text.replace(change["insert"], ""))
        self.written = [change for change in self.written if change not in edits]

    def fastgen(self, *arguments: str) -> None:
        """A step, and what has to hold after it."""
        lines = self.own_lines()
        fastgen(*arguments, "--no-install", folder=self.root)
        assert not lines - self.own_lines(), "lines of people's"
        self.check()

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
        self.project.tool("ruff", "check", "--ignore", "I001")
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
        self.project.passed()

    @property
    def has_database(self) -> bool:
        return "alembic" in (self.root / "pyproject.toml").read_text()


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
    story.people_write(*tomllib.loads(YEAR.read_text())["edits"])
    written = user_lines({"edits": story.written})
    assert story.own_lines() == written, "reformatted, a line of year.toml is another"
    story.check()
    return story


@pytest.mark.slow
@pytest.mark.matrix
def test_a_year_of_edits_outlives_what_modules_come_and_go(story: Story) -> None:
    before = story.project.files()

    story.fastgen("add", "database")
    notes = tomllib.loads(NOTES.read_text())["edits"]
    story.people_write(*notes)
    story.check()
    for url in story.databases:
        with connected(url) as cursor:
            for n in range(1, 4):
                cursor.execute(NEW_NOTE.format(n=n))
    story.rows["notes"] = 3

    story.fastgen("set", "database.engine=postgres")
    story.fastgen("set", "database.engine=sqlite")

    story.people_take_back(notes)
    story.fastgen("remove", "database")
    assert before
