"""The migration that brings the tables of resources from one spec to another."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from fastgen.catalog.catalog import Catalog
from fastgen.errors import WrongUsage
from fastgen.migrations.chain import History, free_path, history
from fastgen.resources.differences import Migration, migration_between
from fastgen.resources.in_spec import kept_resource
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import Table, stored_tables
from fastgen.spec.edits import models_of
from fastgen.spec.spec import DATABASE, Spec
from fastgen.tools.ruff import formatted
from fastgen.tree import Entry, File, Files, Policy, Tree

_VERSIONS = "src/{package}/db/migrations/versions"

_SQLALCHEMY = re.compile(r"\bsa\.")

_TEXT = '''\
"""{title}

Revision ID: {revision}
Revises: {follows}
"""

from collections.abc import Sequence

{imports}

revision: str = "{revision}"
down_revision: str | Sequence[str] | None = {literal}
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
'''


class TableReferred(WrongUsage):
    """The table {table} cannot be dropped while {others} refers to it; drop that one
    first, or both at once."""


def with_resource_migration(
    tree: Tree, user: Files, old: Spec | None, new: Spec, catalog: Catalog
) -> Tree:
    """`tree` with the migration for the resources that differ between the specs, behind
    the head of `user`'s migrations and of those in `tree`, and beside it."""
    names = _names(old) if old else {}
    before = resource_tables(old, catalog) if old else {}
    after = resource_tables(new, catalog, names)
    migration = migration_between(before, after)
    if migration is None:
        return tree
    _check_dropped(before, after)
    present = {**user, **_files(tree.items())}
    past = history(new.salt, present)
    path = free_path(f"{_folder(past, new.package)}/{migration.name}.py", present)
    entry = Entry(
        _text(migration, new.salt, past.head).encode(), DATABASE, Policy.JOURNAL
    )
    (formatted,) = _formatted({**_configuration(tree), path: entry})
    return {**tree, path: formatted[path]}


def _folder(past: History, package: str) -> str:
    """Where the one that it follows is, since the user may have moved the folder."""
    if not past.head:
        return _VERSIONS.format(package=package)
    return str(PurePosixPath(past.scripts[past.head[0]].path).parent)


def resource_tables(
    spec: Spec, catalog: Catalog, known: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Table]:
    """The tables of its resources, and of those that were taken out, whose tables are
    kept; `known` are tables that there were, by their resources."""
    if not (spec.resources or spec.kept):
        return {}
    models = models_of(catalog.modules.values())
    return stored_tables(_resources(spec).values(), {**models, **known, **_names(spec)})


def _resources(spec: Spec) -> dict[str, ResourceSpec]:
    """Each that has a table, by the table's name."""
    kept = (kept_resource(table, text) for table, text in spec.kept.items())
    gone = {resource.plural: resource for resource in kept if resource}
    return {**gone, **{r.plural: r for r in spec.resources.values()}}


def _names(spec: Spec) -> dict[str, str]:
    return {resource.name: table for table, resource in _resources(spec).items()}


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
    revision = hashlib.sha256("\n".join(body).encode()).hexdigest()[:12]
    imports = ["from alembic import op"]
    if _SQLALCHEMY.search("\n".join(body)):
        imports.insert(0, "import sqlalchemy as sa")
    return _TEXT.format(
        imports="\n".join(imports),
        title=migration.title,
        revision=revision,
        follows=", ".join(follows),
        literal=f'"{follows[0]}"' if follows else "None",
        up="\n".join(f"    {line}" for line in migration.up),
        down="\n".join(f"    {line}" for line in migration.down),
    ).replace("Revises: \n", "Revises:\n")


def _files(entries: Iterable[tuple[str, Entry]]) -> Files:
    return {
        path: File(entry.content, entry.mode)
        for path, entry in entries
        if entry.policy is Policy.JOURNAL
    }


def _configuration(tree: Tree) -> Tree:
    return {path: tree[path] for path in ("pyproject.toml",) if path in tree}


def _formatted(tree: Tree) -> tuple[Tree, ...]:
    return formatted([tree])
