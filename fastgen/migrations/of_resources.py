"""The migration between the resource tables of two specs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.errors import WrongUsage
from fastgen.migrations.belonging import versions_in
from fastgen.migrations.chain import History, free_path, history
from fastgen.migrations.dialect import dialect_of
from fastgen.migrations.existing_names import as_renamed
from fastgen.migrations.existing_tables import as_existing
from fastgen.migrations.project_models import NO_MODELS, ProjectModels
from fastgen.migrations.project_tables import project_tables
from fastgen.migrations.text import alembic_text, revision_id, with_migration
from fastgen.phrases import in_words
from fastgen.plan import Finding
from fastgen.resources.accesses import Accesses
from fastgen.resources.differences import Migration, migration_between
from fastgen.resources.fill import Fill
from fastgen.resources.in_spec import kept_resource, undeclared_access
from fastgen.resources.renaming import TableRenames, renaming, table_renames
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import Table, filled_column, stored_tables
from fastgen.spec.declared import declared_in
from fastgen.spec.edits import models_of
from fastgen.spec.rename_edits import Rename
from fastgen.spec.side import Side
from fastgen.tree import Entry, File, Files, Policy, Tree


class TableReferred(WrongUsage):
    """The table {table} is still referenced by {others}; drop that one first, or both
    at once."""


class AccessGone(WrongUsage):
    """The table {table} was made with the access {access!r}, which no module declares
    any more. Add the module that declares it again. Or drop the table with a migration
    of your own, and delete its line under [kept] in fastgen.toml."""


@dataclass(frozen=True)
class Migrated:
    """A tree with the migration for changed resources, and the findings."""

    tree: Tree
    findings: tuple[Finding, ...] = ()


def differ(old: Side, new: Side) -> bool:
    """Whether the resource tables of the two sides differ."""
    before, after = _tables(old, new)
    return migration_between(before, after) is not None


def with_resource_migration(
    tree: Tree,
    user: Files,
    old: Side,
    new: Side,
    models: ProjectModels = NO_MODELS,
    known: Collection[str] = (),
    rename: Rename | None = None,
    fill: Fill | None = None,
) -> Migrated:
    """`tree` with a migration for the resources that differ between the sides.

    The migration follows the head of all migrations in `user` and `tree`, and is in the
    same folder. `models` are the models of the project. `known` are the paths of base.
    A migration in `known` that `user` lacks was deleted, for example to squash
    migrations.
    """
    _check_kept(old, new)
    before, after = _tables(old, new)
    if migration_between(before, after) is None and rename is None:
        return Migrated(tree)
    if rename is None:
        _check_dropped(before, after)
    if fill:
        after = _filled(after, fill, new)
    fresh = ((path, entry) for path, entry in tree.items() if path not in known)
    present = {**user, **_files(fresh)}
    past = history(new.spec.salt, present)
    new_files = frozenset(tree.keys() - {*known})
    resources = {**_resources(old), **_resources(new)}
    dialect = dialect_of(new) or dialect_of(old)
    around = project_tables(past, models, resources, new_files, dialect)
    names = around.constraint_names
    if rename:
        found = as_renamed(before, _renames(old, new, rename), around)
        findings = list(found.findings)
        left = found.renames
        migration = renaming(found.before, left, names) if left.is_some else None
    else:
        found = as_existing(before, after, around)
        findings = list(found.findings)
        after = dict(found.after)
        for name in sorted(after.keys() - found.before.keys()):
            after[name], said = around.with_own_columns(after[name])
            findings += said
        migration = migration_between(found.before, after, names)
    if migration is None:
        return Migrated(tree, tuple(findings))
    findings += around.convention_findings()
    path = free_path(f"{_folder(past, tree)}/{migration.name}.py", present)
    text = _text(migration, new.spec.salt, past.head)
    module = new.catalog.generating[RESOURCE_KIND].name
    return Migrated(with_migration(tree, path, text, module), tuple(findings))


def _filled(tables: dict[str, Table], fill: Fill, side: Side) -> dict[str, Table]:
    """`tables`, with the value of `fill` for existing rows."""
    table = tables[side.spec.resources[fill.resource].plural]
    name = fill.field.column
    column = filled_column(table.columns[name], fill.field)
    filled = replace(table, columns={**table.columns, name: column})
    return {**tables, table.name: filled}


def _renames(old: Side, new: Side, rename: Rename) -> TableRenames:
    before = {r.name: r for r in _resources(old).values()}
    after = {r.name: r for r in _resources(new).values()}
    models = models_of(old.catalog.modules.values())
    tables = {name: model.table for name, model in models.items()}
    return table_renames(
        before, after, {rename.resource.name: rename.renamed.name}, tables
    )


def _tables(old: Side, new: Side) -> tuple[dict[str, Table], dict[str, Table]]:
    """The resource tables of both sides."""
    return resource_tables(old), resource_tables(new, _names(old))


def _folder(past: History, tree: Tree) -> str:
    """The folder of the previous migration, because the user may have moved it; for the
    first migration, the folder of Alembic's environment in `tree`."""
    if not past.head:
        return min(versions_in(tree))
    return str(PurePosixPath(past.scripts[past.head[0]].path).parent)


def resource_tables(
    side: Side, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Table]:
    """The tables of resources and kept tables of `side`, by name.

    `known` are the tables of earlier resources, by resource.
    """
    spec = side.spec
    if not (spec.resources or spec.kept):
        return {}
    models = models_of(side.catalog.modules.values())
    tables = {name: model.table for name, model in models.items()}
    names = {**tables, **known, **_names(side)}
    return stored_tables(_resources(side).values(), names)


def _resources(side: Side) -> dict[str, ResourceSpec]:
    """The resources with a table, including removed ones, by table."""
    spec = side.spec
    every = declared_in(side.catalog) if spec.kept else Accesses()
    kept = (kept_resource(table, text, every) for table, text in spec.kept.items())
    gone = {resource.plural: resource for resource in kept if resource}
    return {**gone, **{r.plural: r for r in spec.resources.values()}}


def _names(side: Side) -> dict[str, str]:
    return {resource.name: table for table, resource in _resources(side).items()}


def _check_kept(old: Side, new: Side) -> None:
    """Raise AccessGone if a kept table with unknown columns is dropped or used
    again."""
    for table, text in old.spec.kept.items():
        if new.spec.kept.get(table) == text:
            continue
        every = declared_in(old.catalog)
        if access := undeclared_access(text, every):
            raise AccessGone(table=table, access=access)


def _check_dropped(before: dict[str, Table], after: dict[str, Table]) -> None:
    for name in sorted(before.keys() - after.keys()):
        if others := {_owner(t) for t in after.values() if name in t.targets}:
            raise TableReferred(table=name, others=in_words(sorted(others)))


def _owner(table: Table) -> str:
    """The table of the resource; for an association table, the target of its first
    key."""
    first = next(iter(table.columns.values()), None)
    return first.key.table if table.pairs and first and first.key else table.name


def _text(migration: Migration, salt: str, follows: tuple[str, ...]) -> str:
    body = [*migration.up, *migration.down, *follows, salt, migration.name]
    revision = revision_id("\n".join(body))
    return alembic_text(
        migration.title, revision, follows, migration.up, migration.down
    )


def _files(entries: Iterable[tuple[str, Entry]]) -> Files:
    return {
        path: File(entry.content, entry.mode)
        for path, entry in entries
        if entry.policy is Policy.JOURNAL
    }
