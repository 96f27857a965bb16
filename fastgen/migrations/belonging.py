"""The migrations of the database that has the tables of modules. A project may have
more migrations for another database."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from fastgen.migrations.chain import History
from fastgen.migrations.script import Script, UnreadableMigration, script_of
from fastgen.tree import Files, Tree

VERSIONS = "versions"
"""Alembic's name for the folder of migrations."""

SCRIPT_TEMPLATE = "script.py.mako"


def versions_in(tree: Tree) -> frozenset[str]:
    """The migration folders of all environments in `tree`."""
    return frozenset(
        str(PurePosixPath(path).with_name(VERSIONS))
        for path in tree
        if path.endswith(f"/{SCRIPT_TEMPLATE}")
    )


def only_versions(files: Files) -> frozenset[str]:
    """The folder of all migrations in `files`; empty if there are several folders."""
    folders = frozenset(folder_of(path) for path in _readable(files))
    return folders if len(folders) == 1 else frozenset()


def own_migrations(
    files: Files,
    salt: str,
    templates: Collection[Script],
    versions: Collection[str],
    missing: Iterable[str],
) -> Files:
    """The migrations in `files` that `templates` may follow. `files` are all files that
    look like migrations.

    A migration belongs if it is in the folder of a template or in one of `versions`,
    was created from a template, or is linked to a migration that belongs.

    If none belongs, the user may have moved the folder. `missing` are the files of
    fastgen that are gone; if one of them was next to a migration folder, all migrations
    belong.
    """
    scripts = _readable(files)
    ids = _ids(salt, {template.revision for template in templates}, scripts)
    places = {*versions, *(folder_of(template.path) for template in templates)}
    found = {
        path
        for path, script in scripts.items()
        if folder_of(path) in places or script.revision in ids
    }
    if not found and any(_is_beside(path, places) for path in missing):
        found = set(scripts)
    places |= {folder_of(path) for path in _connected(found, scripts)}
    return {path: file for path, file in files.items() if folder_of(path) in places}


def folder_of(path: str) -> str:
    """The folder `versions` that contains a migration, at any depth."""
    parents = list(PurePosixPath(path).parents)
    named = (parent for parent in parents if parent.name == VERSIONS)
    return str(next(named, parents[0]))


def _readable(files: Files) -> dict[str, Script]:
    """The readable migrations; others raise an error where they matter."""
    found = {}
    for path, file in files.items():
        try:
            script = script_of(path, file.content)
        except UnreadableMigration:
            continue
        if script:
            found[path] = script
    return found


def _ids(salt: str, names: Iterable[str], scripts: dict[str, Script]) -> set[str]:
    past = History(salt, {script.revision: script for script in scripts.values()})
    return {
        make(name, turn)
        for name in names
        for turn in range(1, past.turn(name) + 1)
        for make in (past.make_id, past.drop_id)
    }


def _is_beside(path: str, places: Iterable[str]) -> bool:
    """Whether `path` is next to one of the folders `places`."""
    return any(
        PurePosixPath(path).parent == PurePosixPath(place).parent for place in places
    )


def _connected(found: set[str], scripts: dict[str, Script]) -> set[str]:
    """`found` and all migrations linked to them, in either direction."""
    by_id = {script.revision: path for path, script in scripts.items()}
    edges: dict[str, set[str]] = {path: set() for path in scripts}
    for path, script in scripts.items():
        linked = (*script.follows, *(script.depends or ()))
        for other in (by_id[each] for each in linked if each in by_id):
            edges[path].add(other)
            edges[other].add(path)
    seen: set[str] = set()
    todo = [*found]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += edges[path]
    return seen
