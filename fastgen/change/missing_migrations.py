"""Missing migrations: no migration creates a table, or a migration has a down_revision
that does not exist."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fastgen.migrations.chain import History
from fastgen.migrations.dialect import dialect_of
from fastgen.migrations.kept_tables import tables_of
from fastgen.migrations.of_resources import resource_tables
from fastgen.migrations.project_models import ProjectModels
from fastgen.migrations.replay import schema_of
from fastgen.migrations.schema import Schema
from fastgen.migrations.script import Script, UnreadableMigration, script_of
from fastgen.phrases import with_noun
from fastgen.plan import Finding, Severity
from fastgen.project.reading import Project
from fastgen.tools.git import repository_root, run_git
from fastgen.tree import SPEC_PATH

_COMMIT = "commit "
_NEWEST = "50"
"""The number of commits with deleted files to search."""


@dataclass(frozen=True)
class _Deleted:
    """A migration that is in git but not among the project's files."""

    script: Script
    command: str
    """The command that restores it."""


def missing_migrations(
    project: Project, past: History, models: ProjectModels
) -> Iterator[Finding]:
    """An issue for each migration of `past` that follows an absent one, and for the
    tables in fastgen.toml that no migration creates. `models` are the project's."""
    schema = schema_of(past, dialect_of(project.side), models)
    absent = {
        revision: script
        for script in past.scripts.values()
        for revision in script.follows
        if revision not in past.scripts
    }
    tables = _missing_tables(project, schema, models)
    if not (absent or tables):
        return
    deleted = tuple(_deleted(project))
    for revision, script in sorted(absent.items()):
        found = next((d for d in deleted if d.script.revision == revision), None)
        how = found.command if found else "add that migration, or change down_revision"
        message = f"follows the migration {revision}, which does not exist: {how}"
        yield Finding(Severity.ISSUE, script.path, message)
    commands: dict[str, list[str]] = {}
    restored = {d.command for d in deleted if d.script.revision in absent}
    for table in tables:
        made = next((d for d in deleted if table in _made_by(d.script)), None)
        command = made.command if made else 'run `make migration name="add tables"`'
        commands.setdefault(command, []).append(table)
    for command in sorted(commands.keys() - restored):
        names = commands[command]
        message = f"no migration makes the {with_noun('table', names)}: {command}"
        yield Finding(Severity.ISSUE, SPEC_PATH, message)


def _missing_tables(
    project: Project, schema: Schema, models: ProjectModels
) -> tuple[str, ...]:
    """The tables in fastgen.toml that no migration creates. Empty if a statement of a
    migration cannot be read."""
    if not schema.clear:
        return ()
    side = project.side
    owners = tables_of(side)
    named: Mapping[str, str] = {
        resource.plural: resource.name for resource in side.spec.resources.values()
    }
    missing = []
    for table in sorted(owners.keys() | resource_tables(side) - side.spec.kept.keys()):
        model = models.of_resource(named[table], table) if table in named else None
        names = {table, model.table if model and model.table else table}
        if not (names & schema.tables.keys() or schema.unread_places(table)):
            missing.append(table)
    return tuple(missing)


def _made_by(script: Script) -> frozenset[str]:
    alone = replace(script, follows=())
    return frozenset(schema_of(History("", {script.revision: alone})).tables)


def _deleted(project: Project) -> Iterator[_Deleted]:
    """The deleted migrations that are in git, latest first."""
    root = project.root
    if not (shutil.which("git") and repository_root(root)):
        return
    options = ("--diff-filter=D", "--no-renames", "--relative", "--name-only")
    for path in _lines(root, "diff", *options, "HEAD", "--", "*.py"):
        yield from _in_git(project, path, "HEAD", f"run `git checkout HEAD -- {path}`")
    commit = ""
    for line in _lines(
        root, "log", f"-{_NEWEST}", f"--format={_COMMIT}%H", *options, "--", "*.py"
    ):
        if line.startswith(_COMMIT):
            commit = line.removeprefix(_COMMIT)[:12]
        else:
            command = f"run `git checkout {commit}~ -- {line}`"
            yield from _in_git(project, line, f"{commit}~", command)


def _lines(root: Path, *arguments: str) -> list[str]:
    """The non-empty lines of git's output."""
    done = run_git("-c", "core.quotePath=false", *arguments, folder=root)
    text = done.stdout.decode(errors="surrogateescape")
    return [line for line in text.split("\n") if line]


def _in_git(
    project: Project, path: str, revision: str, command: str
) -> Iterator[_Deleted]:
    if (project.root / path).exists():
        return
    shown = run_git("show", f"{revision}:./{path}", folder=project.root)
    try:
        script = script_of(path, shown.stdout)
    except UnreadableMigration:
        return
    if script:
        yield _Deleted(script, command)
