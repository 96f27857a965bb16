"""The lines of a service that differ by what a resource refers to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastgen.resources.lines.generated_names import by_id, variable_of
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.many import ManyView, many_imports
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec


@dataclass(frozen=True)
class ServiceLines:
    """Lines of service.py, each a text."""

    imports: tuple[str, ...]
    """Import lines."""
    check: str
    """The statement that checks a new row, or empty."""
    refresh: str
    """The statement that loads what a new row refers to, or empty."""
    guarded: tuple[str, ...]
    """Statements that check references which must lead to rows of the same owner."""


def service_lines(
    resource: ResourceSpec,
    related: Sequence[str],
    many: tuple[ManyView, ...],
    around: Surroundings,
) -> ServiceLines:
    guarded = [*_guarded(resource, around)]
    row = variable_of(snake_case(resource.name))
    imports = {*many_imports(many, around)}
    if many:
        tables = ", ".join(found.table for found in many)
        models = around.module(f"{resource.plural}.models")
        imports.add(f"from {models} import {tables}")
    for field in guarded:
        target = around.resources[field.target]
        queries = around.module(f"{target.plural}.queries")
        imports.add(f"from {queries} import {by_id(snake_case(target.name))}")
    names = ["PageQuery", "page_of", "pairs"] if many else []
    names += ["check_found"] if guarded or any(found.check for found in many) else []
    imports |= {*imports_of(names, around.helpers)}
    return ServiceLines(
        imports=tuple(sorted(imports)),
        check=f"await check_references(session, {row})" if guarded else "",
        refresh=f"await session.refresh({row}, {[*related]!r})" if related else "",
        guarded=tuple(_checks(resource, guarded)),
    )


def _guarded(resource: ResourceSpec, around: Surroundings) -> Iterator[Field]:
    for field in resource.stored:
        target = around.resources.get(field.target)
        if resource.scope and target and target.scope:
            yield field


def _checks(resource: ResourceSpec, guarded: Sequence[Field]) -> Iterator[str]:
    row = variable_of(snake_case(resource.name))
    for field in guarded:
        assert resource.scope is not None
        owner = resource.scope.column
        statement = by_id(snake_case(field.target))
        indent = ""
        if field.optional:
            yield f"if {row}.{field.column} is not None:"
            indent = "    "
        values = f'{{"{owner}": {row}.{owner}, "id": {row}.{field.column}}}'
        yield f"{indent}await check_found(session, {statement}, {values})"
