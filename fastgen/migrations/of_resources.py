"""The migration that brings the tables of resources from one spec to another."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.errors import WrongUsage
from fastgen.migrations.belonging import versions_in
from fastgen.migrations.chain import History, free_path, history
from fastgen.migrations.text import alembic_text, revision_id, with_migration
from fastgen.resources.accesses import Accesses
from fastgen.resources.differences import Migration, migration_between
from fastgen.resources.in_spec import kept_resource, undeclared_access
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import Table, stored_tables
from fastgen.spec.declared import declared_in
from fastgen.spec.edits import models_of
from fastgen.spec.side import Side
from fastgen.tree import Entry, File, Files, Policy, Tree


class TableReferred(WrongUsage):
    """The table {table} cannot be dropped while {others} refers to it; drop that one
    first, or both at once."""


class AccessGone(WrongUsage):
    """The table {table} was made with the access {access!r}, which no module declares
    any more. Add the module that declares it again. Or drop the table with a migration
    of your own, and delete its line under [kept] in fastgen.toml."""


def with_resource_migration(tree: Tree, user: Files, old: Side, new: Side) -> Tree:
    """`tree` with the migration for the resources that differ between the sides, behind
    the head of `user`'s migrations and of those in `tree`, and beside it."""
    _check_kept(old, new)
    before = resource_tables(old)
    after = resource_tables(new, _names(old))
    migration = migration_between(before, after)
    if migration is None:
        return tree
    _check_dropped(before, after)
    present = {**user, **_files(tree.items())}
    past = history(new.spec.salt, present)
    path = free_path(f"{_folder(past, tree)}/{migration.name}.py", present)
    text = _text(migration, new.spec.salt, past.head)
    module = new.catalog.generating[RESOURCE_KIND].name
    return with_migration(tree, path, text, module)


def _folder(past: History, tree: Tree) -> str:
    """Where the migration that it follows is, since the user may have moved the folder;
    for the first one, where the module that brings Alembic's environment wants it."""
    if not past.head:
        return min(versions_in(tree))
    return str(PurePosixPath(past.scripts[past.head[0]].path).parent)


def resource_tables(
    side: Side, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Table]:
    """The tables of the resources of `side`, and the tables that are kept of removed
    resources, by name; `known` are the tables of earlier resources, by resource."""
    spec = side.spec
    if not (spec.resources or spec.kept):
        return {}
    models = models_of(side.catalog.modules.values())
    tables = {name: model.table for name, model in models.items()}
    names = {**tables, **known, **_names(side)}
    return stored_tables(_resources(side).values(), names)


def _resources(side: Side) -> dict[str, ResourceSpec]:
    """Each that has a table, by the table's name."""
    spec = side.spec
    every = declared_in(side.catalog) if spec.kept else Accesses()
    kept = (kept_resource(table, text, every) for table, text in spec.kept.items())
    gone = {resource.plural: resource for resource in kept if resource}
    return {**gone, **{r.plural: r for r in spec.resources.values()}}


def _names(side: Side) -> dict[str, str]:
    return {resource.name: table for table, resource in _resources(side).items()}


def _check_kept(old: Side, new: Side) -> None:
    """Raise AccessGone where a kept table is dropped or used again, and its columns are
    unknown."""
    for table, text in old.spec.kept.items():
        if new.spec.kept.get(table) == text:
            continue
        every = declared_in(old.catalog)
        if access := undeclared_access(text, every):
            raise AccessGone(table=table, access=access)


def _check_dropped(before: dict[str, Table], after: dict[str, Table]) -> None:
    for name in sorted(before.keys() - after.keys()):
        if others := {_owner(t) for t in after.values() if name in t.targets}:
            raise TableReferred(table=name, others=" and ".join(sorted(others)))


def _owner(table: Table) -> str:
    """The table of its resource: pairs are of the one that their first key leads to."""
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
