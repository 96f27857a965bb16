"""Direct and indirect references between resources."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from fastgen.resources.resource import Field, ResourceSpec


def in_circle(name: str, resources: Mapping[str, ResourceSpec]) -> frozenset[str]:
    """The other resources in a reference cycle with `name`."""
    return frozenset(
        other
        for other in reachable(name, resources) - {name}
        if name in reachable(other, resources)
    )


def reachable(name: str, resources: Mapping[str, ResourceSpec]) -> set[str]:
    """The resources that `name` refers to, directly or indirectly."""
    seen: set[str] = set()
    todo = [*resources[name].targets]
    while todo:
        target = todo.pop()
        if target in resources and target not in seen:
            seen.add(target)
            todo += resources[target].targets
    return seen


def required_circle(resources: Mapping[str, ResourceSpec]) -> tuple[str, ...]:
    """A cycle of required references, in which no row can be created first; empty
    without one."""
    graph = {
        name: {f.target for f in resource.stored if f.target and not f.optional}
        for name, resource in resources.items()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return tuple(error.args[1])
    return ()


_ON_DELETE = {"cascade": "CASCADE", "restrict": "", "setnull": "SET NULL"}
"""`restrict` is SQL's default, NO ACTION. SQLite checks RESTRICT before other keys
cascade: deleting an owner would fail if one of its rows refers to another one."""


def on_delete(field: Field) -> str:
    """The SQL action for `field` when the referenced row is deleted; empty for the
    default."""
    return _ON_DELETE[field.on_delete]
