"""Read a project from disk; nothing here writes."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fastgen import __version__
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.sources import load_catalog
from fastgen.errors import NeedsPerson
from fastgen.merge.kinds import kind, role
from fastgen.names import check_package
from fastgen.phrases import in_words
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from fastgen.spec.specfile import parse_spec, read_table, sources_of
from fastgen.tools.cache import cache_folder
from fastgen.tree import SPEC_PATH, File, Files

# Never the user's own code, and often very large.
_SKIPPED = {".git", ".hg", ".svn", ".fastgen", "__pycache__", "node_modules"}
# Build output at the project root, which may copy all files.
_BUILT = {"build", "dist"}
_ENTRY = "main.py"
_ENVIRONMENT_MARK = "pyvenv.cfg"

SLACK = 200
"""Bytes that a small file may differ in size beyond the factor of two."""


@dataclass(frozen=True)
class Project:
    """A project on disk."""

    root: Path
    recorded: Spec
    """The spec as recorded in fastgen.toml."""
    side: Side
    """The recorded spec, with the new package name if the user renamed the package."""
    text: str
    """The text of fastgen.toml."""

    @property
    def spec(self) -> Spec:
        return self.side.spec

    @property
    def catalog(self) -> Catalog:
        return self.side.catalog

    def wanted(self, sources: Mapping[str, str]) -> Side:
        """The project's side with `sources` in its catalog, by module. A source
        replaces the recorded commit of an existing module."""
        if not sources:
            return self.side
        catalog = load_catalog({**self.spec.sources, **sources})
        return Side(self.spec, catalog)


class NoAccess(NeedsPerson):
    """{path} cannot be read ({reason}); give yourself access to it, then run the
    command again."""


class PackageNotFound(NeedsPerson):
    """No folder `{package}` with Python files is there{other}. If you renamed the
    package, write its new name into fastgen.toml: `package = "{name}"`."""


def load_project(root: Path) -> Project:
    """The project at `root`.

    Raises BrokenSpec, NewerProject, NoAccess and the errors of `load_catalog`.
    """
    file = read_file(root, SPEC_PATH)
    text = file.content.decode(errors="replace") if file else ""
    table = read_table(text)
    catalog = load_catalog(sources_of(table))
    spec = parse_spec(text, table, catalog, __version__)
    side = Side(replace(spec, package=users_package(root, spec.package)), catalog)
    return Project(root, spec, side, text)


def check_package_found(root: Path, package: str) -> None:
    """Raise PackageNotFound unless the project at `root` has a folder `package` with
    Python files."""
    if (root / "src" / package / "__init__.py").is_file():
        return
    folders = _python_folders(root)
    if any(PurePosixPath(folder).name == package for folder in folders):
        return
    names = sorted(set(packages_in(root, folders)))
    other = f", and {in_words(names)} could be the package" if names else ""
    name = names[0] if names else "NEW_NAME"
    raise PackageNotFound(package=package, other=other, name=name)


def users_package(root: Path, package: str) -> str:
    """The name of the project's package: `package`, or its new name.

    The package was renamed if no folder `package` has Python files and exactly one
    other folder can be the package.
    """
    if (root / "src" / package / "__init__.py").is_file():
        return package
    folders = _python_folders(root)
    if any(PurePosixPath(folder).name == package for folder in folders):
        return package
    found = packages_in(root, folders)
    return found[0] if len(found) == 1 else package


def packages_in(root: Path, folders: Mapping[str, Collection[str]]) -> list[str]:
    """The names of folders that can be the package: their `main.py` imports from it.
    `folders` maps each folder with Python files to the names of these files."""
    found = []
    for folder, names in folders.items():
        name = PurePosixPath(folder).name
        file = read_file(root, f"{folder}/{_ENTRY}") if _ENTRY in names else None
        own = rb"^[ \t]*(?:from|import)[ \t]+(?:\.|%s\b)" % re.escape(name).encode()
        if file and not check_package(name) and re.search(own, file.content, re.M):
            found.append(name)
    return found


def _python_folders(root: Path) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in walk(root):
        folder, _, name = path.rpartition("/")
        if folder and name.endswith(".py"):
            found.setdefault(folder, set()).add(name)
    return found


def read_file(root: Path, path: str) -> File | None:
    """The file at `path`; None if it is not a regular file. Raises NoAccess."""
    place = root / path
    try:
        if not place.is_file():
            return None
        return File(place.read_bytes(), place.stat().st_mode & 0o777)
    except OSError as error:
        raise NoAccess(path=path, reason=error.strerror) from None


def read_files(root: Path, paths: Iterable[str]) -> Files:
    """The existing files among `paths`."""
    found = ((path, read_file(root, path)) for path in sorted(set(paths)))
    return {path: file for path, file in found if file is not None}


def read_similar(root: Path, missing: Mapping[str, int]) -> Files:
    """Every file that can be the new place of a file in `missing`.

    `missing` maps paths to sizes in bytes. A candidate has the same kind and at most
    twice or half the size, or the same role with any size.
    """
    sizes: dict[str, list[int]] = {}
    for path, size in missing.items():
        sizes.setdefault(kind(path), []).append(size)
    names = {role(path) for path in missing}
    paths = (
        path
        for path in walk(root)
        if role(path) in names or _is_near(root / path, sizes.get(kind(path), []))
    )
    return read_files(root, paths)


def read_python(root: Path, folder: str = "") -> Files:
    """The Python files in `folder` and its subfolders."""
    return read_files(root, (p for p in walk(root, folder) if p.endswith(".py")))


def walk(root: Path, folder: str = "") -> Iterator[str]:
    """The paths of all project files in `folder`. Environments, caches, builds, other
    repositories and other projects are skipped."""
    cache = _cache_folder()
    for where, folders, names in os.walk(root / folder):
        inner = Path(where) != root
        if _ENVIRONMENT_MARK in names or (
            inner and ({".git", SPEC_PATH} & {*folders, *names} or where == cache)
        ):
            folders.clear()
            continue
        skipped = _SKIPPED | _BUILT if Path(where) == root else _SKIPPED
        folders[:] = sorted(
            name for name in folders if name not in skipped and not _is_cache(name)
        )
        inside = Path(where).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        yield from (prefix + name for name in sorted(names))


def _cache_folder() -> str | None:
    try:
        return str(cache_folder())
    except OSError:
        return None


def _is_cache(name: str) -> bool:
    return name.startswith(".") and name.endswith("_cache")


def _is_near(place: Path, sizes: list[int]) -> bool:
    if not sizes or not place.is_file():
        return False
    size = place.stat().st_size
    return any(
        size <= 2 * other + SLACK and other <= 2 * size + SLACK for other in sizes
    )
