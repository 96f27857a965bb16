"""Finds the names that the user gave to definitions, from base and the user's files."""

from collections.abc import Callable, Mapping

from fastgen.encoding import Undecodable, decoded
from fastgen.merge.python.toplevel import definitions_in, parsed
from fastgen.merge.renames.homes import home_of
from fastgen.merge.renames.lacking import Place, is_bound, lacking_definitions
from fastgen.merge.renames.modules import (
    module_name,
    modules_in,
    renamed_modules,
    user_module,
)
from fastgen.merge.renames.names import Definition, UsersNames
from fastgen.merge.renames.renamed_definitions import renamed_definitions
from fastgen.tree import File, Files, Tree


def users_names(
    base: Tree,
    next_: Tree,
    user: Files,
    moves: tuple[Mapping[str, str], Mapping[str, str]],
    place: Place,
    python: Callable[[], Files],
) -> UsersNames:
    """The user's names for definitions that fastgen uses and the user's files no longer
    have.

    `moves` are the new paths of files and folders, and `place` maps any path to the
    user's. `python()` reads all of the user's Python files and is called only if
    needed.
    """
    lacking = lacking_definitions(base, next_, user, place)
    if not lacking and not any(old.endswith(".py") for old in moves[0]):
        return UsersNames()
    user = {**python(), **user}
    modules = renamed_modules(*moves, user)
    found = UsersNames(modules)
    definitions: dict[Definition, Definition] = {}
    homes: dict[Definition, str] = {}
    moved_base = {place(path): entry for path, entry in base.items()}
    for path, names in lacking.definitions.items():
        module = module_name(path)
        renamed = _renamed(path, base, user.get(place(path)))
        for old, new in renamed.items():
            definitions[module, old] = found.module(module), new
        for name in sorted(names - renamed.keys()):
            node = (definitions_in(path, base[path].content) or {})[name]
            if home := home_of(name, node, place(path), moved_base, user):
                homes[place(path), name] = home
                if not is_bound(user.get(place(path)), name):
                    definitions[module, name] = user_module(home, user), name
    paths = modules_in(base)
    for module, name in lacking.reexports:
        target = definitions.get(lacking.origin(module, name))
        if target and is_bound(user.get(place(paths[module])), target[1]):
            definitions[module, name] = found.module(module), target[1]
    return UsersNames(modules, definitions, homes)


def _renamed(path: str, base: Tree, file: File | None) -> Mapping[str, str]:
    if file is None:
        return {}
    try:
        text = decoded(path, file.content)
    except Undecodable:
        return {}
    in_base, in_user = parsed(base[path].content.decode()), parsed(text)
    return renamed_definitions(in_base, in_user) if in_base and in_user else {}
