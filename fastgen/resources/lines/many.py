"""`many` fields as data for templates."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.catalog.resource_facts import EVERYBODY
from fastgen.resources.associations import Association, associations_of
from fastgen.resources.lines.endpoints import depends, further_dependency
from fastgen.resources.lines.generated_names import variable_of
from fastgen.resources.lines.statements import (
    column,
    found_rows,
    imports_of_rows,
    select_rows,
)
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.names import snake_case
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class ManyView:
    """A `many` field: its names, its target and the expressions of its endpoints."""

    field: str
    """The name of the field: `related_tags`."""
    path: str
    """The field in a URL: `related-tags`."""
    table: str
    """The association table, in the database and in code."""
    own_column: str
    """The column of the association table that refers to the resource."""
    target_column: str
    """The column of the association table that refers to the target."""
    target: str
    """The target's class: `OrderItem`."""
    target_plural: str
    """The target's package and table: `order_items`."""
    target_singular: str
    """The target in function names: `order_item`."""
    own: bool
    """Whether the resource itself is the target."""
    owned: bool
    """Whether rows of the target have an owner."""
    rows: str
    """The statement that selects the possible target rows."""
    check: str
    """The statement that checks a target row by its id; empty if all rows are
    allowed."""
    id_expression: str
    """The id of the target in a statement."""
    filter: str
    """The statement that selects the ids of rows with one of the given targets."""
    public: bool
    """Whether listing the target rows requires no login."""
    arguments: str
    """Additional arguments of the endpoint that lists the target rows."""


def many_views(resource: ResourceSpec, around: Surroundings) -> tuple[ManyView, ...]:
    tables = {name: other.plural for name, other in around.resources.items()}
    return tuple(
        _view(resource, found, around) for found in associations_of(resource, tables)
    )


def many_imports(views: tuple[ManyView, ...], around: Surroundings) -> Iterator[str]:
    """The import lines of the service for the targets."""
    for view in views:
        if not view.own:
            package = around.module(view.target_plural)
            yield f"from {package}.models import {view.target}"
            yield f"from {package}.schemas import {view.target}Page"
        yield from imports_of_rows(around.resources[view.target], around)


def _view(
    resource: ResourceSpec, association: Association, around: Surroundings
) -> ManyView:
    target = around.resources[association.field.target]
    name = association.field.name
    singular = snake_case(target.name)
    own = target.name == resource.name
    pairs = f"{association.table}.c"
    row = variable_of(snake_case(resource.name))
    scope = target.scope
    owner = f"{row}.{scope.column}" if scope else ""
    check = ""
    if scope:
        one = found_rows(target, around, association.target_column, owner)
        check = f"await check_found(session, {one})"
    return ManyView(
        field=name,
        path=name.replace("_", "-"),
        table=association.table,
        own_column=association.own_column,
        target_column=association.target_column,
        target=target.name,
        target_plural=target.plural,
        target_singular=singular,
        own=own,
        owned=target.scope is not None,
        rows=select_rows(target, around, owner),
        check=check,
        id_expression=column(target, "id", around),
        filter=(
            f"select({pairs}.{association.own_column})"
            f".where({pairs}.{association.target_column}.in_(query.{name}))"
        ),
        public=resource.access.readers == target.access.readers == EVERYBODY,
        arguments=depends(further_dependency(resource, target)),
    )
