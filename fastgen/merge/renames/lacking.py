"""Definitions that fastgen writes or uses and that the user's files lack at their path
in base."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from fastgen.merge.python.toplevel import definitions_in, parsed
from fastgen.merge.renames.modules import modules_in
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.uses import imported_definitions, used_definitions
from fastgen.merge.scopes.bindings import Imported
from fastgen.merge.scopes.imports import UNPARSABLE, bound_names
from fastgen.tree import Entry, File, Files, Policy, Tree

_ANY = frozenset({"*", "__getattr__"})
"""Names that can stand for any other name."""

Place = Callable[[str], str]
"""A function from a path in base and next to the user's path."""


def changed_python(base: Tree, next_: Tree) -> list[str]:
    """The Python files that fastgen changes, creates or deletes. An existing migration
    never changes."""
    return [
        path
        for path in sorted(base.keys() | next_.keys())
        if path.endswith(".py")
        and differs(path, base, next_)
        and not (path in base and base[path].policy is Policy.JOURNAL)
    ]


def differs(path: str, base: Tree, next_: Tree) -> bool:
    """Whether fastgen changes the file at `path`."""
    if path not in base or path not in next_:
        return True
    return not base[path].is_like(next_[path])


@dataclass(frozen=True)
class Lacking:
    """The definitions that changed files use or define and the user's files lack."""

    definitions: Mapping[str, set[str]]
    """The names, by the path in base of the file that defines them."""
    reexports: Mapping[Definition, Definition]
    """The source of each definition that a module of base imports and that changed
    files import from there. Both are a module and a name."""

    def __bool__(self) -> bool:
        return bool(self.definitions)

    def origin(self, module: str, name: str) -> Definition:
        """The definition behind `name` as imported from `module`."""
        passed = {(module, name)}
        while (source := self.reexports.get((module, name))) and source not in passed:
            passed.add(source)
            module, name = source
        return module, name


def lacking_definitions(base: Tree, next_: Tree, user: Files, place: Place) -> Lacking:
    """The definitions that changed files use or define and the user's files lack.
    `place` maps paths to the user's."""
    found: dict[str, set[str]] = {}
    reexports: dict[Definition, Definition] = {}
    index = modules_in(base)
    for path in changed_python(base, next_):
        file = user.get(place(path))
        waiting = [*_used(path, base, next_, file, index)]
        for module, name in waiting:
            origin = index[module]
            if is_bound(user.get(place(origin)), name):
                continue
            found.setdefault(origin, set()).add(name)
            source = _imported(origin, base).get(name)
            if source and source[0] in index and (module, name) not in reexports:
                reexports[module, name] = source
                waiting.append(source)
        if path in base and not _is_unedited(base[path], file):
            in_user = definitions_in(path, file.content) if file else {}
            names = definitions_in(path, base[path].content) or {}
            if in_user is not None:
                found.setdefault(path, set()).update(names.keys() - in_user.keys())
    definitions = {
        path: kept
        for path, names in found.items()
        if names
        and (kept := names & (definitions_in(path, base[path].content) or {}).keys())
    }
    return Lacking(definitions, reexports)


def _imported(path: str, base: Tree) -> Mapping[str, Definition]:
    """The imports at the top of base's file at `path`, by the name that they bind."""
    module = parsed(base[path].content.decode())
    return {
        bound: definition
        for statement in (module.body if module else ())
        if isinstance(statement, Imported)
        for definition, bound in imported_definitions(statement, path)
    }


def _used(
    path: str, base: Tree, next_: Tree, file: File | None, index: Collection[str]
) -> Iterator[Definition]:
    """The names from the modules `index` that base's and next's version of a file use.
    Base's version is skipped if the user has not edited the file."""
    entries = [side[path] for side in (base, next_) if path in side]
    if path in base and _is_unedited(base[path], file):
        entries = entries[1:]
    for entry in entries:
        text = entry.content.decode(errors="replace")
        module = parsed(text)
        yield from used_definitions(text, module, path, index) if module else ()


def _is_unedited(entry: Entry, file: File | None) -> bool:
    return file is not None and file.content == entry.content


def is_bound(file: File | None, name: str) -> bool:
    """Whether `name` can be imported from the module `file`."""
    if file is None:
        return False
    try:
        return not {name, *_ANY}.isdisjoint(bound_names(file.content))
    except UNPARSABLE:
        return True
