"""Migrations that a command would delete, and whether a database has applied them."""

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastgen.errors import NeedsPerson
from fastgen.migrations.in_project import read_migrations
from fastgen.migrations.script import Script, UnreadableMigration, script_of
from fastgen.plan import Plan
from fastgen.project.dotenv import dotenv_values, unquoted
from fastgen.project.reading import read_file
from fastgen.render.render import project_facts
from fastgen.spec.side import Side
from fastgen.tree import ENVIRONMENT

_SQLITE = re.compile(r"sqlite(\+\w+)?:///(?P<path>[^?]+)")


class MigrationApplied(NeedsPerson):
    """The database {database} has the migration {path}, whose file would be deleted.
    Run `uv run alembic downgrade {revision}` first; nothing was changed."""


class MigrationFollowed(NeedsPerson):
    """The migration {follower} follows {path}, whose file would be deleted. Delete
    {follower} first, or give it another down_revision; nothing was changed."""


@dataclass(frozen=True)
class DeletedMigrations:
    """The migrations that a plan deletes, and the revision to downgrade to first."""

    scripts: tuple[Script, ...]
    revision: str

    @property
    def path(self) -> str:
        return self.scripts[0].path

    @property
    def paths(self) -> str:
        return ", ".join(script.path for script in self.scripts)


def deletion_in(plan: Plan) -> DeletedMigrations | None:
    """The migrations that `plan` deletes; None without any."""
    scripts = tuple(
        script
        for change in plan.writes
        if change.after is None and change.before
        if (script := script_of(change.path, change.before.content))
    )
    if not scripts:
        return None
    ids = {script.revision for script in scripts}
    left = {each for script in scripts for each in script.follows if each not in ids}
    # After a merge of two heads there is no single previous revision.
    relative = f"-{len(scripts)}"
    return DeletedMigrations(
        scripts, min(left or {"base"}) if len(left) < 2 else relative
    )


def check_deletion(root: Path, deletion: DeletedMigrations, side: Side | None) -> bool:
    """Whether it is certain that no database has applied the deleted migrations.

    False if the database of the project at `root` cannot be read from here. `side` is
    the project's side; None if it is unreadable. Raises MigrationApplied and
    MigrationFollowed.
    """
    _check_followers(root, deletion)
    ids = {script.revision for script in deletion.scripts}
    seen = [*_databases(root, side)] if side else [None]
    for database in filter(None, seen):
        revisions = _revisions_in(root / database)
        if revisions is None:
            seen.append(None)
        elif ids & revisions:
            raise MigrationApplied(
                database=database, path=deletion.path, revision=deletion.revision
            )
    return bool(seen) and None not in seen


def _check_followers(root: Path, deletion: DeletedMigrations) -> None:
    deleted = {script.revision: script for script in deletion.scripts}
    for path, file in read_migrations(root).items():
        try:
            script = script_of(path, file.content)
        except UnreadableMigration:
            continue
        if script is None or script.revision in deleted:
            continue
        for revision in script.follows:
            if revision in deleted:
                followed = deleted[revision].path
                raise MigrationFollowed(follower=path, path=followed)


def _databases(root: Path, side: Side) -> Iterator[str | None]:
    """The paths of the project's SQLite databases; None for any other database."""
    file = read_file(root, ENVIRONMENT)
    text = file.content.decode(errors="surrogateescape") if file else ""
    values = {name: unquoted(value) for name, value in dotenv_values(text).items()}
    for variable in project_facts(side).variables:
        if variable.migrated:
            given = values.get(variable.name, variable.value)
            url = os.environ.get(variable.name, given)
            found = _SQLITE.fullmatch(url.partition("?")[0])
            yield found["path"] if found else None


def _revisions_in(path: Path) -> set[str] | None:
    """The applied revisions in the SQLite database at `path`; None if it is
    unreadable."""
    if not path.exists():
        return set()
    # Without a write-ahead log of a running server, open the file as immutable, so that
    # SQLite creates no files next to it.
    mode = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    address = f"file:{quote(str(path.absolute()))}?{mode}"
    try:
        connection = sqlite3.connect(address, uri=True)
    except sqlite3.Error:
        return None
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version")
        return {str(version) for (version,) in rows}
    except sqlite3.OperationalError as error:
        return set() if "no such table" in str(error) else None
    except sqlite3.Error:
        return None
    finally:
        connection.close()
