"""The three sides of a merge: base and next as rendered for this project, and the
user's files."""

from collections.abc import Collection, Mapping
from pathlib import Path

from fastgen.catalog.module import CORE
from fastgen.merge.lazy_formatting import formatted_pair
from fastgen.merge.moved_definitions import missing_definitions
from fastgen.merge.moves import follow, moved_folders, user_moves
from fastgen.migrations.belonging import only_versions, own_migrations, versions_in
from fastgen.migrations.chain import History, chained, history
from fastgen.migrations.kept_tables import dropping_tree, templates_of
from fastgen.migrations.of_resources import with_resource_migration
from fastgen.migrations.script import Script, templates_in
from fastgen.project.reading import (
    Project,
    read_files,
    read_migrations,
    read_python,
    read_similar,
)
from fastgen.render.render import rendered_tree
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import spec_text
from fastgen.tools.ruff import CONFIGURATIONS
from fastgen.tree import SPEC_PATH, Entry, Files, Policy, Tree


def rendered_pair(
    project: Project, old: Spec, new: Spec, drop: Collection[str] = ()
) -> tuple[Tree, Tree]:
    """Base and next, formatted; fastgen.toml in the base is the one of the project, and
    migrations follow those that it has."""
    base, next_ = (rendered_tree(spec, project.catalog) for spec in (old, new))
    read = _read_anyway(base, project.root)
    base, next_ = formatted_pair(base, next_, read)
    owners = _owners(project, drop)
    user = _migrations(project, base, next_, owners)
    base, next_ = _chained(project, (base, next_), owners, user)
    if old.resources or new.resources or old.kept != new.kept:
        next_ = with_resource_migration(next_, user, old, new, project.catalog)
    recorded = Entry(spec_text(project.recorded).encode(), CORE)
    return {**base, SPEC_PATH: recorded}, next_


def _read_anyway(base: Tree, root: Path) -> set[str]:
    """What has to be formatted although nothing changes it: migrations, which are put
    in order, and files that the user may have moved."""
    return {
        path
        for path, entry in base.items()
        if entry.policy is Policy.JOURNAL or not (root / path).is_file()
    }


def own_history(project: Project, base: Tree) -> "tuple[History, Files]":
    """The migrations of the project's own database, `base` being its render; in order,
    and as files. Where no module has one, there may be one of the user's."""
    if versions_in(base) or templates_in(base):
        files = _migrations(project, base, {}, {})
    else:
        found = read_migrations(project.root)
        files = own_migrations(found, project.spec.salt, (), only_versions(found), ())
    return history(project.spec.salt, files), files


def _owners(project: Project, drop: Collection[str]) -> "Mapping[Script, str]":
    """The migrations that the modules `drop` bring, and whose each is."""
    if not drop:
        return {}

    return templates_of(project.catalog, drop, project.spec.package)


def _migrations(
    project: Project, base: Tree, next_: Tree, owners: "Collection[Script]"
) -> Files:
    """The migrations of the project's own database, wherever they lie."""
    templates = (*templates_in(base), *templates_in(next_), *owners)
    versions = versions_in({**base, **next_})
    if not (templates or versions):
        return {}
    found = read_migrations(project.root)
    missing = (path for path in base if not (project.root / path).is_file())
    return own_migrations(found, project.spec.salt, templates, versions, missing)


def _chained(
    project: Project,
    trees: tuple[Tree, Tree],
    owners: "Mapping[Script, str]",
    user: Files,
) -> tuple[Tree, Tree]:
    base, next_ = trees
    before = templates_in(base)
    if not (before or owners or templates_in(next_)):
        return base, next_
    past = history(project.spec.salt, user)
    known = [template.revision for template in before]
    dropped = dropping_tree(project.spec, owners, (base, next_), past, user)
    return (
        chained(base, past, user, known),
        {**chained(next_, past, user, known), **dropped},
    )


def user_files(root: Path, base: Tree, next_: Tree) -> Files:
    """The user's side of a merge; with all that missing files could have become.

    A link is not a file: where AGENTS.md is one to CLAUDE.md, the file has moved there.
    """
    user = _unlinked(root, read_files(root, [*base, *next_, *CONFIGURATIONS]))
    missing = {p: len(entry.content) for p, entry in base.items() if p not in user}
    similar = read_similar(root, missing) if missing else {}
    homes = _defining(root, missing_definitions(base, next_, user))
    user = {**_unlinked(root, {**similar, **homes}), **user}
    if not missing:
        return user
    moves = user_moves(base, user)
    targets = follow(next_, moves, moved_folders(moves, user))
    return {**_unlinked(root, read_files(root, targets)), **user}


def _defining(root: Path, names: Collection[str]) -> Files:
    """The Python files that speak of `names`, which the user has moved."""
    if not names:
        return {}
    searched = [name.encode() for name in names]
    return {
        path: file
        for path, file in read_python(root).items()
        if any(name in file.content for name in searched)
    }


def _unlinked(root: Path, files: Files) -> Files:
    kept = (*CONFIGURATIONS, SPEC_PATH)
    return {p: f for p, f in files.items() if p in kept or not (root / p).is_symlink()}
