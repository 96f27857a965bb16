"""Diagrams of the project in Mermaid: https://mermaid.js.org."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.catalog.module import CORE, Module
from fastgen.resources.resource import Field, ResourceSpec

# Mermaid reads these names as keys unless they follow an asterisk.
_KEYS = ("pk", "fk", "uk")

_PLAIN = re.compile(r"[a-z][a-z0-9_]*")

# Reserved words of Mermaid flowcharts, which cannot name a node.
_WORDS = frozenset(
    """
    call class click default end flowchart graph href interpolate style subgraph
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Diagrams:
    """Mermaid texts that end with a newline; `resources` is empty without resources."""

    resources: str
    modules: str


def diagrams(
    resources: Mapping[str, ResourceSpec], modules: Iterable[Module]
) -> Diagrams:
    """Diagrams of resources with fields and references, and of module requirements."""
    return Diagrams(
        _lines("erDiagram", _entities(resources)) if resources else "",
        _lines("flowchart LR", _nodes(modules)),
    )


def _lines(kind: str, lines: Iterator[str]) -> str:
    return "\n".join([kind, *(f"    {line}" for line in lines), ""])


def _entities(resources: Mapping[str, ResourceSpec]) -> Iterator[str]:
    found = [resource for _, resource in sorted(resources.items())]
    for resource in found:
        yield f'"{resource.name}" {{'
        yield "    uuid id PK"
        for field in resource.columns:
            yield f"    {_attribute(field)}"
        yield "}"
    for resource in found:
        for field in resource.columns:
            if field.target:
                yield _relationship(resource, field, resources)
        for field in resource.many:
            yield f'"{resource.name}" }}o--o{{ "{field.target}" : "{field.name}"'


def _attribute(field: Field) -> str:
    kind = f"list[{field.arguments[0]}]" if field.kind == "list" else field.kind
    kind = "uuid" if field.target else kind
    name = f"*{field.column}" if field.column in _KEYS else field.column
    keys = ["FK"] if field.target else []
    keys += ["UK"] if field.unique else []
    notes = [*field.arguments] if field.kind == "enum" else []
    notes += ["optional"] if field.optional else []
    words = [kind, name, ",".join(keys), f'"{", ".join(notes)}"' if notes else ""]
    return " ".join(word for word in words if word)


def _relationship(
    resource: ResourceSpec, field: Field, resources: Mapping[str, ResourceSpec]
) -> str:
    one = "|o" if field.optional else "||"
    target = resources.get(field.target)
    # If both resources have the same owner, a unique reference is unique among all
    # rows.
    alone = resource.scope is None or (
        target is not None and target.scope == resource.scope
    )
    others = "o|" if field.unique and alone else "o{"
    return f'"{field.target}" {one}--{others} "{resource.name}" : "{field.name}"'


def _nodes(modules: Iterable[Module]) -> Iterator[str]:
    chosen = (module for module in modules if not module.bridges)
    for module in sorted(chosen, key=lambda module: module.name):
        if module.name == CORE:
            yield _node(CORE)
        else:
            for required in sorted(module.requires) or [CORE]:
                yield f"{_node(module.name)} --> {_node(required)}"


def _node(module: str) -> str:
    if _PLAIN.fullmatch(module) and module not in _WORDS:
        return module
    # Module names are lowercase, so this name is unique.
    return f'Module_{module.replace("-", "Dash")}["{module}"]'
