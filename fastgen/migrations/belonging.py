"""Which migrations are those of the database that modules have their tables in: a
project may have others, for another database."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from fastgen.migrations.chain import History
from fastgen.migrations.script import Script, UnreadableMigration, script_of
from fastgen.tree import Files, Tree

VERSIONS = "versions"
"""What Alembic calls the folder of migrations."""

SCRIPT_TEMPLATE = "script.py.mako"


def versions_in(tree: Tree) -> frozenset[str]:
    """The folders of migrations whose environment is in `tree`."""
    return frozenset(
        str(PurePosixPath(path).with_name(VERSIONS))
        for path in tree
        if path.endswith(f"/{SCRIPT_TEMPLATE}")
    )


def only_versions(files: Files) -> frozenset[str]:
    """The folder in which all migrations among `files` are; none where there are
    several."""
    folders = frozenset(folder_of(path) for path in _readable(files))
    return folders if len(folders) == 1 else frozenset()


def own_migrations(
    files: Files,
    salt: str,
    templates: Collection[Script],
    versions: Collection[str],
    missing: Iterable[str],
) -> Files:
    """Those of `files`, which are all that look like migrations, that `templates` may
    follow.

    A migration belongs if it lies in the folder of a template or in one of `versions`,
    was made from a template, or is linked to a migration that belongs. If none belongs,
    and `missing`, the files of fastgen's that are gone, show that the user moved the
    folder, all of them do.
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
    """The folder `versions` that a migration is in, at whatever depth."""
    parents = list(PurePosixPath(path).parents)
    named = (parent for parent in parents if parent.name == VERSIONS)
    return str(next(named, parents[0]))


def _readable(files: Files) -> dict[str, Script]:
    """Those that cannot be read are refused where they matter."""
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
    """Whether it lies where the environment of one of the folders `places` does."""
    return any(
        PurePosixPath(path).parent == PurePosixPath(place).parent for place in places
    )


def _connected(found: set[str], scripts: dict[str, Script]) -> set[str]:
    """`found`, with all that follow one another from there, in either direction."""
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
