"""The dotted names of modules, and their changes when files move."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from fastgen.merge.scopes.imports import SOURCES
from fastgen.tools.python_modules import INIT
from fastgen.tree import Files

TEST_SOURCES = "tests"

_IMPORTED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)


def is_test(path: str) -> bool:
    """Whether the file at `path` in base is imported like a test module."""
    return path.startswith(f"{TEST_SOURCES}/")


def module_name(path: str) -> str:
    """The dotted name of the module that fastgen writes to `path`."""
    for root in (SOURCES, TEST_SOURCES):
        path = path.removeprefix(f"{root}/")
    return ".".join(_parts(path))


def modules_in(paths: Iterable[str]) -> Mapping[str, str]:
    """The path of each module that fastgen writes, by its dotted name."""
    return {module_name(path): path for path in paths if path.endswith(".py")}


def renamed_modules(
    files: Mapping[str, str], folders: Mapping[str, str], user: Files
) -> Mapping[str, str]:
    """The new dotted name of each module and package whose file or folder has moved.

    `files` and `folders` are new paths by old ones. A module that can still be imported
    by its old name counts as not renamed.
    """
    moved = {old: new for old, new in files.items() if old.endswith(".py")}
    if not moved:
        return {}
    inner = {str(f) for path in moved for f in PurePosixPath(path).parents}
    inner -= {".", SOURCES, TEST_SOURCES}
    moved |= {old: new for old, new in folders.items() if old in inner and new != "."}
    imported = _imported_names(user)
    names = {module_name(o): user_module(n, user, imported) for o, n in moved.items()}
    stems = {module_name(old): _stem(old) for old in moved}
    return {
        old: new
        for old, new in names.items()
        if old and new and old != new and not _can_import(stems[old], user)
    }


def user_module(path: str, user: Files, imported: Collection[str] | None = None) -> str:
    """The dotted name by which the user's files import the module at `path`.

    It is the longest end of the path that an import names, or whose package an import
    names. If no file imports it, the name starts at the outermost package.
    """
    imported = _imported_names(user) if imported is None else imported
    parts = _parts(path)
    for start in range(len(parts)):
        name = ".".join(parts[start:])
        if name in imported or name.rpartition(".")[0] in imported:
            return name
    return ".".join(parts[_root(parts, user) :])


def _root(parts: tuple[str, ...], user: Files) -> int:
    """The number of leading `parts` that are folders outside of packages."""
    if parts[0] in (SOURCES, TEST_SOURCES):
        return 1
    packages = [n for n in range(len(parts)) if "/".join((*parts[:n], INIT)) in user]
    return max(0, packages[0] - 1) if packages else max(0, len(parts) - 1)


def _imported_names(user: Files) -> frozenset[str]:
    """The modules that the user's files import absolutely, and their parent
    packages."""
    found: set[bytes] = set()
    for path, file in user.items():
        if path.endswith(".py"):
            found.update(_IMPORTED.findall(file.content))
    names = {name.decode() for name in found}
    return frozenset(
        ".".join(parts[:end])
        for parts in (name.split(".") for name in names)
        for end in range(1, len(parts) + 1)
    )


def _can_import(stem: str, user: Files) -> bool:
    return f"{stem}.py" in user or f"{stem}/{INIT}" in user


def _stem(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__")


def _parts(path: str) -> tuple[str, ...]:
    return PurePosixPath(_stem(path)).parts
