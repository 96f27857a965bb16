"""The aliases under which the user's file imports the same definitions as fastgen."""

from collections.abc import Mapping

from fastgen.merge.python.toplevel import parsed
from fastgen.merge.renames.names import Definition
from fastgen.merge.renames.uses import imported_definitions
from fastgen.merge.scopes.bindings import Imported

Aliases = Mapping[Definition, str]
"""The name in the user's file for each imported definition, by its module and name. For
a whole module the name is empty."""


def users_aliases(text: str, path: str) -> Aliases:
    """The aliases in the user's file at `path`: the names of definitions that it
    imports at the top under exactly one name."""
    module = parsed(text)
    found: dict[Definition, set[str]] = {}
    for statement in module.body if module else ():
        if isinstance(statement, Imported):
            for definition, bound in imported_definitions(statement, path):
                found.setdefault(definition, set()).add(bound)
    return {each: bound.pop() for each, bound in found.items() if len(bound) == 1}
