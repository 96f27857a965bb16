"""Files and names that the user moved or renamed, applied to base and next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from fastgen.merge.kinds import is_grown, is_small, kind
from fastgen.merge.renames.finding import users_names
from fastgen.merge.renames.names import UsersNames
from fastgen.tools.git_merge import renames
from fastgen.tree import SPEC_PATH, Files, Tree


@dataclass(frozen=True)
class Followed:
    """The user's moves and renames of files and names in base, found once per
    command."""

    files: Mapping[str, str] = field(default_factory=dict)
    """The new path of each moved file, by its path in base."""
    folders: Mapping[str, str] = field(default_factory=dict)
    """The new path of each folder that moved as a whole."""
    names: UsersNames = field(default_factory=UsersNames)
    """The new names of modules and definitions."""
    linked: frozenset[str] = frozenset()
    """The files and folders of base that the user replaced by symbolic links. They have
    moved, but imports and texts still find them by their old names."""

    def path(self, path: str) -> str:
        """The path in the user's project for the file of base or next at `path`."""
        if path == SPEC_PATH:
            return path
        return self.files.get(path) or moved_path(path, self.folders)

    @property
    def renamed(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The files and folders that have moved and have no link at their old path."""
        files, folders = (
            {old: new for old, new in moves.items() if not self._is_linked(old)}
            for moves in (self.files, self.folders)
        )
        return files, folders

    def _is_linked(self, path: str) -> bool:
        around = {str(folder) for folder in PurePosixPath(path).parents}
        return not self.linked.isdisjoint({path, *around})

    def tree(self, tree: Tree) -> Tree:
        """`tree` with its files at the user's paths."""
        return {self.path(path): entry for path, entry in tree.items()}


def moved_files(
    base: Tree,
    user: Files,
    files: Mapping[str, str] | None = None,
    folders: Mapping[str, str] | None = None,
) -> Followed:
    """The moves of the files of `base` that are no longer at their path.

    `user` also holds the files that they could have become. `files` and `folders` are
    the moves known from symbolic links.
    """
    known = files or {}
    moves = user_moves(base, user, known) if base.keys() - user.keys() else {}
    linked = frozenset({*known, *(folders or {})})
    folders = {**moved_folders(moves, user), **(folders or {})}
    return Followed(moves, folders, linked=linked)


def with_names(
    moves: Followed, base: Tree, next_: Tree, user: Files, python: Callable[[], Files]
) -> Followed:
    """`moves` with the names that the user gave. `user` holds the user's files at the
    paths of base and next; `python()` reads all Python files and is called only if
    needed."""
    found = users_names(base, next_, user, moves.renamed, moves.path, python)
    return replace(moves, names=found)


def user_moves(base: Tree, user: Files, known: Mapping[str, str]) -> Mapping[str, str]:
    """The new path of each file of `base` that is no longer at its path.

    `user` also holds the candidates. git pairs files that are half alike. Of the rest,
    files of one role are paired if one has half of the other's lines, and files of a
    folder that moved as a whole are paired by name. A file with very few lines only
    moves with its folder.
    """
    taken = {*base, *known.values()}
    missing = {p: e.content for p, e in base.items() if p not in {*user, *known}}
    others = {path: f.content for path, f in user.items() if path not in taken}
    telling = {path: text for path, text in missing.items() if not is_small(text)}
    found = renames(telling, {p: t for p, t in others.items() if not is_small(t)})
    found = {old: new for old, new in found.items() if kind(old) == kind(new)}
    for path in telling.keys() - found.keys():
        free = others.keys() - found.values()
        grown = [p for p in free if is_grown(p, others[p], path, telling[path])]
        if len(grown) == 1:
            found[path] = grown[0]
    folders = moved_folders(found, user)
    for path in missing.keys() - found.keys():
        target = moved_path(path, folders)
        if target != path and target in others:
            found[path] = target
    return {**known, **found}


def moved_folders(moves: Mapping[str, str], user: Files) -> Mapping[str, str]:
    """The new path of each folder that lost all of its files to one other folder."""
    targets: dict[str, set[str]] = {}
    for old, new in moves.items():
        before, after = PurePosixPath(old), PurePosixPath(new)
        while before.name == after.name and before.name:
            before, after = before.parent, after.parent
            targets.setdefault(str(before), set()).add(str(after))
    return {
        old: new.pop()
        for old, new in targets.items()
        if len(new) == 1 and old != "." and not _lives(old, user)
    }


def moved_path(path: str, folders: Mapping[str, str]) -> str:
    """The new path of `path` after `folders` moved. The innermost folder decides."""
    for folder in PurePosixPath(path).parents:
        if str(folder) in folders:
            rest = PurePosixPath(path).relative_to(folder)
            return str(PurePosixPath(folders[str(folder)], rest))
    return path


def _lives(folder: str, user: Files) -> bool:
    return any(path.startswith(f"{folder}/") for path in user)
