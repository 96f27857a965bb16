"""The names under which the user's file imports what fastgen imports too."""

from collections.abc import Mapping

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.scopes import Imported
from fastgen.merge.renames.uses import imported_definitions

Aliases = Mapping[Definition, str]
"""The name that the user's file gives to what it imports, by module and name there; a
whole module has an empty name."""


def users_aliases(text: str, path: str) -> Aliases:
    """The aliases in the user's file at `path`: of what it imports at its top under one
    name only."""
    module = parsed(text)
    found: dict[Definition, set[str]] = {}
    for statement in module.body if module else ():
        if isinstance(statement, Imported):
            for definition, bound in imported_definitions(statement, path):
                found.setdefault(definition, set()).add(bound)
    return {each: bound.pop() for each, bound in found.items() if len(bound) == 1}
