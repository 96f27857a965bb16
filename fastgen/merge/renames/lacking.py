"""The definitions that fastgen writes or uses, and that the user's files do not have
where base has them."""

from collections.abc import Callable, Collection, Iterator, Mapping

from fastgen.merge.gate.imports import UNPARSABLE, bound_names
from fastgen.merge.python.toplevel import definitions_in, parsed
from fastgen.merge.renames.modules import modules_in
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.uses import used_definitions
from fastgen.tree import Entry, File, Files, Policy, Tree

_ANY = frozenset({"*", "__getattr__"})
"""Bound names that stand for any others."""

Place = Callable[[str], str]
"""The user's path of a file, by its path in base and next."""


def changed_python(base: Tree, next_: Tree) -> list[str]:
    """The Python files that fastgen changes, creates or deletes. A migration that is
    there never changes."""
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


def lacking_definitions(
    base: Tree, next_: Tree, user: Files, place: Place
) -> Mapping[str, set[str]]:
    """The names that changed files use or define and the user's files lack, by the path
    in base of the file that defines them."""
    found: dict[str, set[str]] = {}
    index = modules_in(base)
    for path in changed_python(base, next_):
        file = user.get(place(path))
        for module, name in _used(path, base, next_, file, index):
            origin = index[module]
            if not is_bound(user.get(place(origin)), name):
                found.setdefault(origin, set()).add(name)
        if path in base and not _is_unedited(base[path], file):
            in_user = definitions_in(path, file.content) if file else {}
            names = definitions_in(path, base[path].content) or {}
            if in_user is not None:
                found.setdefault(path, set()).update(names.keys() - in_user.keys())
    return {
        path: kept
        for path, names in found.items()
        if names
        and (kept := names & (definitions_in(path, base[path].content) or {}).keys())
    }


def _used(
    path: str, base: Tree, next_: Tree, file: File | None, index: Collection[str]
) -> Iterator[Definition]:
    """The names from the modules `index` that both versions of a file use. The user's
    version of an unedited file counts as base."""
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
