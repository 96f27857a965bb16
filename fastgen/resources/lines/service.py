"""Lines of a service that depend on the fields of a resource."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastgen.resources.filters import SEARCH, filters_of, searched
from fastgen.resources.lines.generated_names import variable_of
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.many import ManyView, many_imports
from fastgen.resources.lines.schemas import sorted_by
from fastgen.resources.lines.statements import (
    column,
    found_rows,
    imports_of_rows,
    related_fields,
    select_rows,
)
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec


@dataclass(frozen=True)
class ServiceLines:
    """Lines of service.py."""

    imports: tuple[str, ...]
    """Import lines."""
    docstring: str
    """The docstring of the statement that selects all rows, or empty."""
    rows: str
    """The expression that selects all rows: `select(...)`."""
    by_id: str
    """The condition for a row's id."""
    filters: tuple[str, ...]
    """Statements that add a condition for each given query parameter."""
    sort: str
    """An additional argument with the sort order of a list, or empty."""
    check: str
    """The statement that checks a new row, or empty."""
    refresh: str
    """The statement that loads the related rows of a new row, or empty."""
    guarded: tuple[str, ...]
    """Statements that check references to rows of the same owner."""


def service_lines(
    resource: ResourceSpec,
    many: tuple[ManyView, ...],
    filtering: Sequence[ManyView],
    around: Surroundings,
) -> ServiceLines:
    """The lines for `resource`. `filtering` are the `many` fields that filter a
    list."""
    related = related_fields(resource, around)
    guarded = [*_guarded(resource, around)]
    row = variable_of(snake_case(resource.name))
    imports = {*many_imports(many, around), *imports_of_rows(resource, around)}
    if many:
        tables = ", ".join(found.table for found in many)
        models = around.module(f"{resource.plural}.models")
        imports.add(f"from {models} import {tables}")
    for field in guarded:
        if field.target != resource.name:
            models = around.module(f"{around.resources[field.target].plural}.models")
            imports.add(f"from {models} import {field.target}")
    names = ["PageQuery", "pairs"] if many else []
    names += ["check_found"] if guarded or any(found.check for found in many) else []
    names += ["contains"] if searched(resource) else []
    imports |= {*imports_of(names, around.helpers)}
    owner = resource.scope.column if resource.scope else ""
    return ServiceLines(
        imports=tuple(sorted(imports)),
        docstring='"""Loads the referenced rows too."""' if related else "",
        rows=select_rows(resource, around, owner),
        by_id=f"{column(resource, 'id', around)} == {row}_id",
        filters=tuple(_filters(resource, filtering, around)),
        sort=", query.sort" if sorted_by(resource.stored) else "",
        check=f"await check_references(session, {row})" if guarded else "",
        refresh=f"await session.refresh({row}, {[*related]!r})" if related else "",
        guarded=tuple(_checks(resource, guarded, around)),
    )


def _filters(
    resource: ResourceSpec, filtering: Sequence[ManyView], around: Surroundings
) -> Iterator[str]:
    conditions = {
        found.name: found.condition(column(resource, found.field.column, around))
        for found in filters_of(resource, [view.field for view in filtering])
    }
    key = column(resource, "id", around)
    conditions |= {view.field: f"{key}.in_({view.filter})" for view in filtering}
    if found := searched(resource):
        columns = [column(resource, field.column, around) for field in found]
        conditions[SEARCH] = f"contains(query.search, {', '.join(columns)})"
    for name, condition in conditions.items():
        yield f"if query.{name} is not None:"
        yield f"    rows = rows.where({condition})"


def _guarded(resource: ResourceSpec, around: Surroundings) -> Iterator[Field]:
    for field in resource.stored:
        target = around.resources.get(field.target)
        if resource.scope and target and target.scope:
            yield field


def _checks(
    resource: ResourceSpec, guarded: Sequence[Field], around: Surroundings
) -> Iterator[str]:
    row = variable_of(snake_case(resource.name))
    for field in guarded:
        assert resource.scope is not None
        target = around.resources[field.target]
        owner = resource.scope.column
        found = found_rows(target, around, f"{row}.{field.column}", f"{row}.{owner}")
        indent = ""
        if field.optional:
            yield f"if {row}.{field.column} is not None:"
            indent = "    "
        yield f"{indent}await check_found(session, {found})"
