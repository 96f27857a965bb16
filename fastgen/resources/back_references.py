"""The other side of references: the attribute of a target's model for the rows that
refer to it, such as `Category.products`."""

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.resources.associations import Association, associations_of
from fastgen.resources.names import field_problem
from fastgen.resources.resource import Field, ResourceSpec

_IN_MODELS = frozenset({"date", "datetime", "dt", "sa", "time"})
"""Names in models that an attribute would hide from annotations."""


@dataclass(frozen=True)
class BackReference:
    """The other side of a reference or a `many` field."""

    name: str
    """The attribute of the target's model."""
    source: str
    """The resource with the field."""
    plural: str
    """The plural of that resource."""
    field: Field
    is_ambiguous: bool
    """Whether several foreign keys connect the two tables."""
    association: Association | None
    """The association table of a `many` field."""


BackReferences = Mapping[str, tuple[BackReference, ...]]
"""The back references of each resource, by its name."""

_Reference = tuple[ResourceSpec, Field]


def back_references(resources: Mapping[str, ResourceSpec]) -> BackReferences:
    """The back references of all resources.

    Each is called like the plural of the resource with the field: `products`. It is
    called `products_by_FIELD` if the resource refers to itself, if an earlier field of
    the resource has the same target, or if `products` is another name of the model; so
    a new reference never renames an attribute that exists. If that name is taken as
    well, there is no back reference.
    """
    references: dict[str, list[_Reference]] = {}
    for _, source in sorted(resources.items()):
        for field in source.fields:
            if field.target in resources:
                references.setdefault(field.target, []).append((source, field))
    tables = {name: resource.plural for name, resource in resources.items()}
    return {
        name: tuple(_back_references(resources[name], found, tables))
        for name, found in sorted(references.items())
    }


def back_name(source: str, field: Field, backs: BackReferences) -> str:
    """The name of the back reference of `field`; empty without one."""
    found = backs.get(field.target, ())
    names = (b.name for b in found if b.source == source and b.field == field)
    return next(names, "")


def backs_near(name: str, backs: BackReferences) -> BackReferences:
    """The back references from and to the resource `name`."""
    found = {
        target: tuple(each for each in known if name in (target, each.source))
        for target, known in backs.items()
    }
    return {target: known for target, known in found.items() if known}


def _back_references(
    target: ResourceSpec, references: list[_Reference], tables: Mapping[str, str]
) -> Iterator[BackReference]:
    names = _names(target, references)
    for source, field in references:
        if name := names.get((source.name, field.name)):
            associations = associations_of(source, tables)
            found = next((a for a in associations if a.field == field), None)
            keys = _keys(source, target) + (source != target) * _keys(target, source)
            yield BackReference(
                name, source.name, source.plural, field, keys > 1, found
            )


def _keys(source: ResourceSpec, target: ResourceSpec) -> int:
    """The number of foreign keys from `source` to `target`."""
    return sum(field.target == target.name for field in source.stored)


def _names(
    target: ResourceSpec, references: list[_Reference]
) -> Mapping[tuple[str, str], str]:
    """The names of the back references, by resource and field."""
    taken = {name for f in target.fields for name in (f.name, f.column)}
    if target.scope:
        taken |= {target.scope.reference, target.scope.column}
    found: dict[tuple[str, str], str] = {}
    seen = {target.name}
    for source, field in references:
        if source.name not in seen and _is_free(source.plural, taken):
            found[source.name, field.name] = source.plural
        seen.add(source.name)
    taken |= {*found.values()}
    for source, field in references:
        name = f"{source.plural}_by_{field.name}"
        if (source.name, field.name) not in found and _is_free(name, taken):
            found[source.name, field.name] = name
            taken.add(name)
    return found


def _is_free(name: str, taken: set[str]) -> bool:
    is_hiding = name in _IN_MODELS or hasattr(builtins, name)
    return not is_hiding and name not in taken and field_problem(name) is None
