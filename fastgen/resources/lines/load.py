"""What the load test adds a row with: those it refers to, and the rest at random."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.names import snake_case
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class LoadLines:
    """`contexts` make the rows that it cannot be without; `values` and `kept` are the
    arguments of the factory, for a row and for changes of one. `many_imports` add what
    it can have many of."""

    imports: tuple[str, ...]
    many_imports: tuple[str, ...]
    contexts: tuple[str, ...]
    values: str
    kept: str


def load_lines(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec], variable: str
) -> LoadLines:
    imports, contexts, values, kept = set(), [], [], []
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
        kept.append(f"{field.column}={shown}")
    targets = {field.target for field in resource.many} - {resource.name}
    return LoadLines(
        imports=tuple(sorted(imports)),
        many_imports=tuple(sorted(_import_of(resources[t]) for t in targets)),
        contexts=tuple(contexts),
        values=", ".join(values),
        kept=", ".join(kept),
    )


def _added(name: str) -> str:
    return f"added_{snake_case(name)}"


def _import_of(resource: ResourceSpec) -> str:
    return f"from loadtest.resources.{resource.plural} import {_added(resource.name)}"
