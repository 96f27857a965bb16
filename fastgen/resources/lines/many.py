"""What a template sees of a field of the type `many`."""

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
    """The names of the field and of its target, and what its endpoints call."""

    field: str
    """The name of the field: `related_tags`."""
    path: str
    """The field's part of the URL: `related-tags`."""
    table: str
    """The table of pairs, in the database and in code."""
    own_column: str
    """The column of that table that refers to the resource."""
    target_column: str
    """The column of that table that refers to the target."""
    target: str
    """The target's class: `OrderItem`."""
    target_plural: str
    """The target's package and table: `order_items`."""
    target_singular: str
    """The target in names of functions: `order_item`."""
    own: bool
    """Whether rows of the resource go with rows of the same resource."""
    owned: bool
    """Whether its rows are a user's own."""
    rows: str
    """The statement of all rows that can be there."""
    check: str
    """The statement that checks a row by its id; empty where each may be there."""
    id_expression: str
    """The id of the target in a statement."""
    filter: str
    """The statement of the ids of our rows that go with the one that is asked for."""
    public: bool
    """Whether everybody may list its rows without a login."""
    arguments: str
    """Further arguments of the endpoint that lists them."""


def many_views(resource: ResourceSpec, around: Surroundings) -> tuple[ManyView, ...]:
    tables = {name: other.plural for name, other in around.resources.items()}
    return tuple(
        _view(resource, found, around) for found in associations_of(resource, tables)
    )


def many_imports(views: tuple[ManyView, ...], around: Surroundings) -> Iterator[str]:
    """The import lines that the service needs for the targets."""
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
            f".where({pairs}.{association.target_column} == query.{name})"
        ),
        public=resource.access.readers == target.access.readers == EVERYBODY,
        arguments=depends(further_dependency(resource, target)),
    )
