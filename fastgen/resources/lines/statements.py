"""Expressions that select rows."""

from collections.abc import Iterator

from fastgen.catalog.resource_facts import STRICTNESS
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.resource import ResourceSpec


def column(resource: ResourceSpec, name: str, around: Surroundings) -> str:
    """The column of a model in a statement: `Product.price`."""
    return around.style.attribute.format(f"{resource.name}.{name}")


def shows(resource: ResourceSpec, target: ResourceSpec) -> bool:
    """Whether everyone who can read `resource` can also read `target`."""
    access, other = resource.access, target.access
    return access == other or STRICTNESS[other.readers] < STRICTNESS[access.readers]


def related_fields(resource: ResourceSpec, around: Surroundings) -> tuple[str, ...]:
    """The references whose rows are loaded and returned with a row."""
    return tuple(
        field.name
        for field in resource.stored
        if field.target in around.resources
        and shows(resource, around.resources[field.target])
    )


def select_rows(resource: ResourceSpec, around: Surroundings, owner: str) -> str:
    """The statement that selects the rows of `resource` with their related rows. With a
    scope, only rows of `owner`, an expression."""
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
    """The import lines of `select_rows`, without the model and `select`."""
    yield from around.style.imports
    if related_fields(resource, around):
        yield "from sqlalchemy.orm import selectinload"
        yield from around.style.relationship_imports


def found_rows(target: ResourceSpec, around: Surroundings, key: str, owner: str) -> str:
    """The statement that selects the id of a row of `target` by `key` and `owner`,
    which are expressions."""
    assert target.scope is not None
    identity = column(target, "id", around)
    conditions = f"{identity} == {key}"
    conditions += f", {column(target, target.scope.column, around)} == {owner}"
    return f"select({identity}).where({conditions})"
