"""The migrations in a project's files, and those that a change adds."""

from collections.abc import Collection, Mapping
from pathlib import Path

from fastgen.migrations.belonging import (
    SCRIPT_TEMPLATE,
    VERSIONS,
    only_versions,
    own_migrations,
    versions_in,
)
from fastgen.migrations.chain import History, chained, history
from fastgen.migrations.kept_tables import dropping_tree, templates_of
from fastgen.migrations.of_resources import with_resource_migration
from fastgen.migrations.script import Script, templates_in
from fastgen.project.reading import read_files, walk
from fastgen.spec.side import Side
from fastgen.tree import Files, Tree


def with_migrations(
    root: Path, old: Side, new: Side, pair: tuple[Tree, Tree], drop: Collection[str]
) -> tuple[Tree, Tree]:
    """Base and next with migrations that follow those of the project at `root`. Next
    also has the migration for changed resources, and the migrations that drop the
    tables of the modules `drop`."""
    package = old.spec.package
    owners = templates_of(old.catalog, drop, package) if drop else {}
    user = _migrations(root, old.spec.salt, pair, owners)
    base, next_ = _chained(old, pair, owners, user)
    return base, with_resource_migration(next_, user, old, new)


def own_history(root: Path, salt: str, base: Tree) -> tuple[History, Files]:
    """The migrations of the project's database, as a history and as files; `base` is
    the project's render. Without a module that has migrations, the user's own."""
    if versions_in(base) or templates_in(base):
        files = _migrations(root, salt, (base, {}), ())
    else:
        found = read_migrations(root)
        files = own_migrations(found, salt, (), only_versions(found), ())
    return history(salt, files), files


def read_migrations(root: Path) -> Files:
    """All of Alembic's migrations: files in a folder `versions`, or below a folder with
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
    """The migrations of the project's own database, wherever they lie."""
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
