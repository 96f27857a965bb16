"""The importable modules of a project, and texts that may import them.

A module is named by its path without the suffix, a package by its folder:
`src/shop/products/models`, `src/shop/products`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import takewhile

INIT = "__init__.py"

_IMPORT = re.compile(
    r"\bfrom[\s\\]+([\w.]+)(?:[\s\\]+import\b)?|\bimport[\s\\]+([\w.,\s\\]+)"
)
"""Absolute imports, and other text that looks like one."""


def importable(paths: Iterable[str]) -> set[str]:
    """The modules and packages of the Python files in `paths`."""
    found: set[str] = set()
    for path in paths:
        if path.endswith(".py"):
            module = module_at(path)
            found.add(module)
            found.update(_folders(module))
    return found


def module_at(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__")


def outermost(modules: Collection[str], roots: Collection[str]) -> set[str]:
    """The modules that are not inside another of `modules`.

    An import of an inner module also names the outer one, except if the outer one
    contains one of `roots`, the folders that imports start from.
    """
    within = {folder for root in roots for folder in (root, *_folders(root))}
    outer = {*modules} - within
    return {m for m in modules if outer.isdisjoint(_folders(m))}


def imported(sources: Mapping[str, bytes], paths: Collection[str]) -> set[str]:
    """The modules in `paths` that `sources` import from outside their own package,
    relative to any folder."""
    names = {
        name
        for path, content in sources.items()
        for own in [_package(path, paths)]
        for name in _imports(content)
        if name.partition("/")[0] != own
    }
    return {m for m in importable(paths) if not names.isdisjoint(_ends(m))}


def may_name(content: bytes, module: str) -> bool:
    """Whether a text may import `module` or something in it: it contains the name. Much
    cheaper than parsing."""
    return module.rpartition("/")[2].encode() in content


def _imports(content: bytes) -> Iterator[str]:
    for found in _IMPORT.findall(content.decode(errors="replace")):
        for name in re.findall(r"[\w.]+", " ".join(found)):
            yield name.replace(".", "/")


def _package(path: str, paths: Collection[str]) -> str:
    """The name of the outermost package of the file; empty without a package."""
    folders = takewhile(lambda folder: f"{folder}/{INIT}" in paths, _folders(path))
    return next(reversed([*folders]), "").rpartition("/")[2]


def _ends(path: str) -> Iterator[str]:
    """`a/b/c`, `b/c`, `c`."""
    while path:
        yield path
        path = path.partition("/")[2]


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
