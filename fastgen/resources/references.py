"""Which resources refer to which, by whatever way."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from fastgen.resources.resource import Field, ResourceSpec


def in_circle(name: str, resources: Mapping[str, ResourceSpec]) -> frozenset[str]:
    """The other resources that lead to `name`, and to which it leads."""
    return frozenset(
        other
        for other in reachable(name, resources) - {name}
        if name in reachable(other, resources)
    )


def reachable(name: str, resources: Mapping[str, ResourceSpec]) -> set[str]:
    """Those that `name` refers to, and those that these refer to, and so on."""
    seen: set[str] = set()
    todo = [*resources[name].targets]
    while todo:
        target = todo.pop()
        if target in resources and target not in seen:
            seen.add(target)
            todo += resources[target].targets
    return seen


def required_circle(resources: Mapping[str, ResourceSpec]) -> tuple[str, ...]:
    """Resources of which none can be the first to be created; empty if none are."""
    graph = {
        name: {f.target for f in resource.stored if f.target and not f.optional}
        for name, resource in resources.items()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return tuple(error.args[1])
    return ()


_ON_DELETE = {"cascade": "CASCADE", "restrict": "RESTRICT", "setnull": "SET NULL"}


def on_delete(field: Field) -> str:
    """The SQL for what happens to a row when the row that `field` refers to goes."""
    return _ON_DELETE[field.on_delete]
