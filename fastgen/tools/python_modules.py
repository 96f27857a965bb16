"""What can be imported from the files of a project, and which texts could do so.

A module is named by its path without the ending, a package by its folder's:
`src/shop/products/models`, `src/shop/products`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import takewhile

INIT = "__init__.py"

_IMPORT = re.compile(
    r"\bfrom[\s\\]+([\w.]+)(?:[\s\\]+import\b)?|\bimport[\s\\]+([\w.,\s\\]+)"
)
"""Every absolute import, and other text that looks like one."""


def importable(paths: Iterable[str]) -> set[str]:
    """The modules and packages that the Python files among `paths` make."""
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
    """The modules that lie in none of the other modules: an import of an inner module
    names the outer one too. That is not so where one of `roots`, the folders that
    imports start from, lies in the outer module."""
    within = {folder for root in roots for folder in (root, *_folders(root))}
    outer = {*modules} - within
    return {m for m in modules if outer.isdisjoint(_folders(m))}


def imported(sources: Mapping[str, bytes], paths: Collection[str]) -> set[str]:
    """The modules among `paths` that `sources` import from elsewhere than the package
    that they are in; from whatever folder such an import starts."""
    names = {
        name
        for path, content in sources.items()
        for own in [_package(path, paths)]
        for name in _imports(content)
        if name.partition("/")[0] != own
    }
    return {m for m in importable(paths) if not names.isdisjoint(_ends(m))}


def may_name(content: bytes, module: str) -> bool:
    """Whether a text could import `module`, or something in it, from elsewhere: it has
    its name somewhere. Much cheaper than parsing."""
    return module.rpartition("/")[2].encode() in content


def _imports(content: bytes) -> Iterator[str]:
    for found in _IMPORT.findall(content.decode(errors="replace")):
        for name in re.findall(r"[\w.]+", " ".join(found)):
            yield name.replace(".", "/")


def _package(path: str, paths: Collection[str]) -> str:
    """The name of the outermost package that the file is in; empty if it is in none."""
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
