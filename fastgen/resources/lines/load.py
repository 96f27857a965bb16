"""What the load test adds a row with: those it refers to, and the rest at random."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.names import snake_case
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class LoadLines:
    """The code of a load test that differs from resource to resource."""

    imports: tuple[str, ...]
    """The statements that import the names in `contexts`."""
    many_imports: tuple[str, ...]
    """The statements that import the functions which add the targets of `many`."""
    contexts: tuple[str, ...]
    """A context manager for each row that the resource requires, with its variable."""
    values: str
    """The factory's arguments for a new row."""
    changes: str
    """The factory's arguments for an update of a row."""


def load_lines(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec], variable: str
) -> LoadLines:
    imports, contexts, values, changes = set(), [], [], []
    for field in resource.stored:
        if not field.target or field.readonly:
            continue
        value = "None"
        if field.required and field.target in resources:
            imports.add(_import_of(resources[field.target]))
            contexts.append(f"{_added(field.target)}(visitor) as {field.name}")
            value = f'{field.name}["id"]'
        elif field.required:
            imports.add("from loadtest.account import account_id")
            value = "account_id(visitor)"
        values.append(f"{field.column}={value}")
        shown = "None" if value == "None" else f'{variable}["{field.column}"]'
        changes.append(f"{field.column}={shown}")
    targets = {field.target for field in resource.many} - {resource.name}
    return LoadLines(
        imports=tuple(sorted(imports)),
        many_imports=tuple(sorted(_import_of(resources[t]) for t in targets)),
        contexts=tuple(contexts),
        values=", ".join(values),
        changes=", ".join(changes),
    )


def _added(name: str) -> str:
    return f"added_{snake_case(name)}"


def _import_of(resource: ResourceSpec) -> str:
    return f"from loadtest.resources.{resource.plural} import {_added(resource.name)}"
