"""What a template sees of a field of the type `many`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.resources.associations import Association, associations_of
from fastgen.resources.lines.generated_names import by_id
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Access, ResourceSpec


@dataclass(frozen=True)
class ManyView:
    """The names of the field and of its target, and what its endpoints call."""

    field: str
    """The name of the field: `related_tags`."""
    path: str
    """The field's part of the URL: `related-tags`."""
    label: str
    """The field's name in prose: `related tags`."""
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
    one: str
    """The statement of one of them by its id; empty where each may be there."""
    id_expression: str
    """The id of the target in a statement."""
    filter: str
    """The statement of the ids of our rows that go with the one that is asked for."""
    public: bool
    """Whether everybody may list its rows without a login."""
    arguments: str
    """Further arguments of the endpoint that lists them."""


def many_views(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec], *, sqlmodel: bool
) -> tuple[ManyView, ...]:
    tables = {name: other.plural for name, other in resources.items()}
    return tuple(
        _view(resource, found, resources[found.field.target], sqlmodel=sqlmodel)
        for found in associations_of(resource, tables)
    )


def many_imports(views: tuple[ManyView, ...], *, sqlmodel: bool) -> Iterator[str]:
    """What the service needs to know of the targets."""
    if views and sqlmodel:
        yield "from sqlmodel import col"
    for view in views:
        if not view.own:
            yield f"from myapi.{view.target_plural}.models import {view.target}"
            yield (
                f"from myapi.{view.target_plural} import queries as"
                f" {view.target_plural}_queries"
            )


def _view(
    resource: ResourceSpec,
    association: Association,
    target: ResourceSpec,
    *,
    sqlmodel: bool,
) -> ManyView:
    name = association.field.name
    singular = snake_case(target.name)
    own = target.name == resource.name
    queries = "queries" if own else f"{target.plural}_queries"
    owned = target.access is Access.OWNER
    pairs = f"{association.table}.c"
    public = resource.access is Access.PUBLIC_READ
    return ManyView(
        field=name,
        path=name.replace("_", "-"),
        label=name.replace("_", " "),
        table=association.table,
        own_column=association.own_column,
        target_column=association.target_column,
        target=target.name,
        target_plural=target.plural,
        target_singular=singular,
        own=own,
        owned=owned,
        rows=f"{queries}.{target.plural.upper()}",
        one=f"{queries}.{by_id(singular)}" if owned else "",
        id_expression=f"col({target.name}.id)" if sqlmodel else f"{target.name}.id",
        filter=(
            f"select({pairs}.{association.own_column})"
            f".where({pairs}.{association.target_column} == bindparam('{name}'))"
        ),
        public=public and target.access is Access.PUBLIC_READ,
        arguments=(
            ", dependencies=[Depends(require_admin)]"
            if public and target.access is Access.ADMIN_ONLY
            else ""
        ),
    )
