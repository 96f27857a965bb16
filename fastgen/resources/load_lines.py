"""What the load test adds a row with: those it refers to, and the rest at random."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.names import snake_case
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class LoadLines:
    """`contexts` make the rows that it cannot be without; `values` and `kept` are the
    arguments of the factory, for a row and for changes of one."""

    imports: tuple[str, ...]
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
            added = f"added_{snake_case(field.target)}"
            plural = resources[field.target].plural
            imports.add(f"from loadtest.resources.{plural} import {added}")
            contexts.append(f"{added}(visitor) as {field.name}")
            value = f'{field.name}["id"]'
        elif field.required:
            imports.add("from loadtest.account import account_id")
            value = "account_id(visitor)"
        values.append(f"{field.column}={value}")
        shown = "None" if value == "None" else f'{variable}["{field.column}"]'
        kept.append(f"{field.column}={shown}")
    return LoadLines(
        imports=tuple(sorted(imports)),
        contexts=tuple(contexts),
        values=", ".join(values),
        kept=", ".join(kept),
    )
