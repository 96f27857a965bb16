"""The database of a project: its rows, and Alembic.

To start Alembic takes longer than most of its commands do, so several run in one
process; a test reads and writes rows in between.
"""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from .conftest import Make
from .generated import Generated

Query = Callable[[str], Sequence[tuple[Any, ...]]]

WAYS = [("sqlalchemy", "postgres"), ("sqlmodel", "sqlite")]
"""Each ORM and each engine once; every run takes these."""

OTHER_WAYS = [("sqlalchemy", "sqlite"), ("sqlmodel", "postgres")]
"""These rotate."""

DONE = "-- done --"

PROGRAM = f"""
import sys
from alembic.config import main
for line in sys.stdin:
    main(argv=line.split())
    print({DONE!r}, flush=True)
"""


def shop_with(module: str, make: Make, orm: str, engine: str) -> Generated:
    """A project with `module`, its ORM and its engine."""
    options = ("--set", f"database.orm={orm}", "--set", f"database.engine={engine}")
    return make("shop", "--with", module, *options)


def at(project: Generated, engine: str, postgres: str) -> tuple[Generated, Query]:
    """The project on a database of its own, and a way to ask that."""
    file = project.root / "shop.db"
    url = postgres if engine == "postgres" else f"sqlite:///{file}"

    def query(statement: str) -> Sequence[tuple[Any, ...]]:
        if engine == "postgres":
            with psycopg.connect(url) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else ()
        with closing(sqlite3.connect(file)) as database, database:
            return database.execute(statement).fetchall()

    return project.with_variables(DATABASE_URL=url), query


@contextmanager
def alembic(project: Generated) -> Iterator[Callable[[str], None]]:
    """A function that runs a command, such as "upgrade head", and waits for its end."""
    with subprocess.Popen(
        [f"{project.root}/.venv/bin/python", "-c", PROGRAM],
        cwd=project.root,
        env=project.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        commands, answers = process.stdin, process.stdout
        assert commands is not None
        assert answers is not None

        def command(text: str) -> None:
            commands.write(f"{text}\n")
            commands.flush()
            said = []
            for line in answers:
                if line.strip() == DONE:
                    return
                said.append(line)
            raise AssertionError(f"alembic {text}\n{''.join(said)}")

        yield command
        commands.close()
    assert process.returncode == 0


def migrate(project: Generated, *commands: str) -> None:
    with alembic(project) as command:
        for text in commands:
            command(text)
