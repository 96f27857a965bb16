"""Constants that a migration imports from modules of the project. The modules are
parsed, never imported."""

import ast
from collections.abc import Iterator

from fastgen.migrations.bindings import changed_owners
from fastgen.migrations.limits import LONGEST_TEXT, UNREADABLE
from fastgen.migrations.project_models import Assignment, ProjectModels


def imported_constants(text: str, models: ProjectModels) -> tuple[tuple[str, str], ...]:
    """The literals that the migration `text` imports, as pairs of dotted name and
    Python text: `shop.tables.TAGS`."""
    if not models.files:
        return ()
    try:
        found = set(_imported_names(ast.parse(text)))
    except UNREADABLE:
        return ()
    values = (
        (f"{module}.{name}", _literal(models.assignment(module, name)))
        for module, name in sorted(found)
    )
    return tuple((name, value) for name, value in values if value)


def _literal(found: Assignment | None) -> str:
    """The value as Python text; empty if it is no literal or may be changed by another
    statement of its module."""
    if found is None or not _is_constant(found.tree, found.name):
        return ""
    try:
        text = repr(ast.literal_eval(found.value))
    except (ValueError, TypeError, *UNREADABLE):
        return ""
    return text if len(text) <= LONGEST_TEXT else ""


def _is_constant(module: ast.Module, name: str) -> bool:
    stored = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Name)
        and node.id == name
        and not isinstance(node.ctx, ast.Load)
    ]
    return len(stored) == 1 and not any(
        isinstance(owner, ast.Name) and owner.id == name
        for owner in changed_owners(ast.walk(module))
    )


def _imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The module and name of each possible import, including attributes of imported
    modules."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0, names=names):
                for alias in names:
                    yield module, alias.name
                    modules[alias.asname or alias.name] = f"{module}.{alias.name}"
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name.partition(".")[0]
                    modules[alias.asname or top] = alias.name if alias.asname else top
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            path, _, name = ast.unparse(node).rpartition(".")
            root, dot, rest = path.partition(".")
            if root in modules:
                yield f"{modules[root]}{dot}{rest}", name
