"""The lines of a router that differ by who may do what."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.catalog.resource_facts import Access
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class EndpointLines:
    """Lines of router.py, each a text."""

    imports: tuple[str, ...]
    """Import lines."""
    read_imports: tuple[str, ...]
    """Import lines of another router with `arguments`, whose endpoints read."""
    arguments: str
    """Further arguments of the router, with a comma before each."""
    write_arguments: str
    """Further arguments of endpoints that write, with a comma before each."""
    read_decorator: str
    """The line with the decorator of endpoints that read, or empty."""


def endpoint_lines(resource: ResourceSpec, around: Surroundings) -> EndpointLines:
    access, scope = resource.access, resource.scope
    targets = [around.resources[field.target] for field in resource.many]
    imports = {*access.imports}
    imports |= {
        line
        for target in targets
        for line in target.access.imports
        if further_dependency(resource, target) in line.split()
    }
    owner = {f"from {scope.module} import {scope.dependency}"} if scope else set()
    imports |= owner
    imports |= {*imports_of(["PageDep"], around.helpers)} if targets else set()
    for target in targets:
        if target.name != resource.name:
            package = around.module(target.plural)
            imports.add(f"from {package}.schemas import {target.name}Page")
    return EndpointLines(
        imports=tuple(sorted(imports)),
        read_imports=tuple(sorted({*owner, *_read_imports(access)})),
        arguments=depends(access.dependency),
        write_arguments=depends(access.write_dependency),
        read_decorator=f"@{access.read_decorator}" if access.read_decorator else "",
    )


def _read_imports(access: Access) -> Iterator[str]:
    used = {access.dependency, access.read_decorator}
    yield from (line for line in access.imports if used & {*line.split()})
    if access.dependency:
        yield "from fastapi import Depends"


def further_dependency(resource: ResourceSpec, target: ResourceSpec) -> str:
    """The dependency of an endpoint of `resource` that shows rows of `target`; empty if
    that of the router is enough."""
    dependency = target.access.dependency
    return "" if dependency == resource.access.dependency else dependency


def depends(dependency: str) -> str:
    """A further argument of an endpoint, or of a router."""
    return f", dependencies=[Depends({dependency})]" if dependency else ""
