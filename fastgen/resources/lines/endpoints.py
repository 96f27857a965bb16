"""Lines of a router that depend on the access."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.catalog.resource_facts import Access
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class EndpointLines:
    """Lines of router.py."""

    imports: tuple[str, ...]
    """Import lines."""
    read_imports: tuple[str, ...]
    """Import lines of another router with `arguments` and read endpoints."""
    other_imports: tuple[str, ...]
    """Import lines of another router with `arguments` and endpoints of both kinds."""
    arguments: str
    """Additional arguments of the router, each preceded by a comma."""
    write_arguments: str
    """Additional arguments of write endpoints, each preceded by a comma."""
    read_decorator: str
    """The decorator line of read endpoints, or empty."""


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
        other_imports=tuple(
            sorted({*owner, *_read_imports(access), *_write_imports(access)})
        ),
        arguments=depends(access.dependency),
        write_arguments=depends(access.write_dependency),
        read_decorator=f"@{access.read_decorator}" if access.read_decorator else "",
    )


def _read_imports(access: Access) -> Iterator[str]:
    used = {access.dependency, access.read_decorator}
    yield from (line for line in access.imports if used & {*line.split()})
    if access.dependency:
        yield "from fastapi import Depends"


def _write_imports(access: Access) -> Iterator[str]:
    yield from (i for i in access.imports if access.write_dependency in i.split())
    if access.write_dependency:
        yield "from fastapi import Depends"


def further_dependency(resource: ResourceSpec, target: ResourceSpec) -> str:
    """The dependency of an endpoint of `resource` that returns rows of `target`; empty
    if the router's dependency suffices."""
    dependency = target.access.dependency
    return "" if dependency == resource.access.dependency else dependency


def depends(dependency: str) -> str:
    """An additional argument of an endpoint or a router; empty without `dependency`."""
    return f", dependencies=[Depends({dependency})]" if dependency else ""
