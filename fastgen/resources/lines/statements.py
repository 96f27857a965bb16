"""Expressions of the statements that read rows."""

from collections.abc import Iterator

from fastgen.catalog.resource_facts import STRICTNESS
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.resource import ResourceSpec


def column(resource: ResourceSpec, name: str, around: Surroundings) -> str:
    """The attribute of a model as a column: `Product.price`."""
    return around.style.attribute.format(f"{resource.name}.{name}")


def shows(resource: ResourceSpec, target: ResourceSpec) -> bool:
    """Whether everybody who reads a row of `resource` may read a row of `target`."""
    access, other = resource.access, target.access
    return access == other or STRICTNESS[other.readers] < STRICTNESS[access.readers]


def related_fields(resource: ResourceSpec, around: Surroundings) -> tuple[str, ...]:
    """The references whose rows are loaded and shown with a row."""
    return tuple(
        field.name
        for field in resource.stored
        if field.target in around.resources
        and shows(resource, around.resources[field.target])
    )


def select_rows(resource: ResourceSpec, around: Surroundings, owner: str) -> str:
    """The statement of the rows of `resource` that belong to `owner`, an expression,
    with the rows that they refer to."""
    style = around.style
    names = related_fields(resource, around)
    loads = [style.relationship.format(f"{resource.name}.{name}") for name in names]
    rows = f"select({resource.name})"
    if loads:
        rows += f".options({', '.join(f'selectinload({load})' for load in loads)})"
    if resource.scope:
        rows += f".where({column(resource, resource.scope.column, around)} == {owner})"
    return rows


def imports_of_rows(resource: ResourceSpec, around: Surroundings) -> Iterator[str]:
    """The import lines of `select_rows`, without those of the model and of `select`."""
    yield from around.style.imports
    if related_fields(resource, around):
        yield "from sqlalchemy.orm import selectinload"
        yield from around.style.relationship_imports


def found_rows(target: ResourceSpec, around: Surroundings, key: str, owner: str) -> str:
    """The statement of the id of the row `key` of `target`, if it belongs to `owner`;
    both are expressions."""
    assert target.scope is not None
    identity = column(target, "id", around)
    conditions = f"{identity} == {key}"
    conditions += f", {column(target, target.scope.column, around)} == {owner}"
    return f"select({identity}).where({conditions})"
