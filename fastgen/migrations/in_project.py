"""The migrations of a project, and the migrations that a change adds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from fastgen.errors import NeedsPerson
from fastgen.migrations.belonging import (
    SCRIPT_TEMPLATE,
    VERSIONS,
    only_versions,
    own_migrations,
    versions_in,
)
from fastgen.migrations.chain import History, chained, history
from fastgen.migrations.dialect import dialect_of
from fastgen.migrations.kept_tables import dropping_tree, kept_findings, templates_of
from fastgen.migrations.of_resources import differ, with_resource_migration
from fastgen.migrations.project_models import ProjectModels
from fastgen.migrations.project_tables import left_out
from fastgen.migrations.replay import schema_of
from fastgen.migrations.schema import Schema
from fastgen.migrations.script import Script, templates_in
from fastgen.migrations.unread import unread_findings
from fastgen.plan import Finding
from fastgen.project.reading import read_files, read_python, walk
from fastgen.resources.fill import Fill
from fastgen.spec.rename_edits import Rename
from fastgen.spec.side import Side
from fastgen.tree import File, Files, Policy, Tree


class TableNeeded(NeedsPerson):
    """The table {table} cannot be dropped while {other}.{column} refers to it
    ({place}); drop that column, or its table, first."""


@dataclass(frozen=True)
class WithMigrations:
    """Base and next with their migrations, and the findings."""

    base: Tree
    next: Tree
    findings: tuple[Finding, ...] = ()


def with_migrations(
    root: Path,
    old: Side,
    new: Side,
    pair: tuple[Tree, Tree],
    drop: Collection[str],
    rename: Rename | None = None,
    fill: Fill | None = None,
) -> WithMigrations:
    """Base and next with migrations chained after those of the project at `root`.

    Next also has the migration for changed resources, and the migrations that drop the
    tables of the modules `drop`.
    """
    package = old.spec.package
    owners = templates_of(old.catalog, drop, package) if drop else {}
    user = _migrations(root, old.spec.salt, pair, owners)
    base, next_ = _chained(old, pair, owners, user)
    new_ones = [s for s in templates_in(next_) if s.path not in base]
    kept = tuple(_kept_findings(old, new, pair[0], user))
    if not (new_ones or rename or differ(old, new)):
        tree = with_resource_migration(next_, user, old, new).tree
        return WithMigrations(base, tree, kept)
    models = ProjectModels({**_new_code(base, next_), **read_python(root)})
    found = with_resource_migration(
        next_, user, old, new, models, base, rename=rename, fill=fill
    )
    own = _own_column_findings(new_ones, models, user)
    added = _new_migrations(base, found.tree)
    unread = _schema_findings(old, new, user, added, models)
    findings = [*kept, *found.findings, *own, *unread]
    return WithMigrations(base, found.tree, tuple(findings))


def _schema_findings(
    old: Side, new: Side, user: Files, added: Files, models: ProjectModels
) -> tuple[Finding, ...]:
    """Warnings about unreadable statements in the migrations `user` that may affect
    tables changed by the migrations `added`. Raises TableNeeded."""
    if not added:
        return ()
    dialect = dialect_of(new) or dialect_of(old)
    salt = old.spec.salt
    before = schema_of(history(salt, user), dialect, models)
    after = schema_of(history(salt, {**user, **added}), dialect, models)
    _check_targets(after, added)
    return tuple(unread_findings(before, after))


def _kept_findings(old: Side, new: Side, base: Tree, user: Files) -> Iterator[Finding]:
    if new.spec.kept.keys() <= old.spec.kept.keys():
        return iter(())
    known = [template.revision for template in templates_in(base)]
    return kept_findings(old, new, history(old.spec.salt, user), known)


def _new_code(base: Tree, next_: Tree) -> Files:
    """The Python files that only next has."""
    return {
        path: File(entry.content)
        for path, entry in next_.items()
        if path not in base and path.endswith(".py")
    }


def _new_migrations(base: Tree, next_: Tree) -> Files:
    new = _new_code(base, next_)
    return {p: f for p, f in new.items() if next_[p].policy is Policy.JOURNAL}


def _check_targets(schema: Schema, new: Collection[str]) -> None:
    """Raise TableNeeded if a migration in `new` drops a table that another table refers
    to."""
    for name, gone in schema.gone.items():
        if gone.place.path in new and not gone.renamed:
            for table, rule in schema.referring(name):
                place = table.columns[rule.columns[0]].place
                said = {"table": name, "other": table.name}
                raise TableNeeded(place=place, column=rule.columns[0], **said)


def _own_column_findings(
    scripts: Iterable[Script], models: ProjectModels, user: Files
) -> Iterator[Finding]:
    """Warnings about columns that the user added to all tables, and that migrations of
    modules do not create."""
    for script in scripts:
        alone = replace(script, follows=())
        schema = schema_of(History("", {script.revision: alone}))
        for table in schema.tables.values():
            model = models.of_table(table.name)
            if not (table.clear and model and script.path not in user):
                continue
            for column in model.columns.values():
                if column.name not in table.columns:
                    yield left_out(column, table.name)


def own_history(root: Path, salt: str, base: Tree) -> tuple[History, Files]:
    """The migrations of the project's database, as a history and as files. `base` is
    the project's render.

    If no module has migrations, these are the user's own.
    """
    if versions_in(base) or templates_in(base):
        files = _migrations(root, salt, (base, {}), ())
    else:
        found = read_migrations(root)
        files = own_migrations(found, salt, (), only_versions(found), ())
    return history(salt, files), files


def read_migrations(root: Path) -> Files:
    """All Alembic migrations: files in a folder `versions`, or below a folder with
    Alembic's script template."""
    paths = [*walk(root)]
    folders = {
        p.removesuffix(SCRIPT_TEMPLATE) for p in paths if p.endswith(SCRIPT_TEMPLATE)
    }
    return read_files(
        root,
        (
            path
            for path in paths
            if path.endswith(".py")
            and (f"/{VERSIONS}/" in f"/{path}" or path.startswith((*folders,)))
        ),
    )


def _migrations(
    root: Path, salt: str, pair: tuple[Tree, Tree], owners: Collection[Script]
) -> Files:
    """The migrations of the project's own database, in any folder."""
    base, next_ = pair
    templates = (*templates_in(base), *templates_in(next_), *owners)
    versions = versions_in({**base, **next_})
    if not (templates or versions):
        return {}
    found = read_migrations(root)
    missing = (path for path in base if not (root / path).is_file())
    return own_migrations(found, salt, templates, versions, missing)


def _chained(
    old: Side, pair: tuple[Tree, Tree], owners: Mapping[Script, str], user: Files
) -> tuple[Tree, Tree]:
    base, next_ = pair
    before = templates_in(base)
    if not (before or owners or templates_in(next_)):
        return pair
    past = history(old.spec.salt, user)
    known = [template.revision for template in before]
    dropped = dropping_tree(old.spec, owners, pair, past, user)
    return (
        chained(base, past, user, known),
        {**chained(next_, past, user, known), **dropped},
    )
