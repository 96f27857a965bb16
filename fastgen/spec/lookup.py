"""Resources and accesses by their names."""

from fastgen.catalog.resource_facts import Access, Scope
from fastgen.errors import WrongUsage
from fastgen.names import near_miss
from fastgen.resources.accesses import NeedsModule, UnknownAccess, accesses_of
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec


class UnknownResource(WrongUsage):
    """There is no resource {name!r}{known}."""


def resource_named(spec: Spec, name: str) -> ResourceSpec:
    if name in spec.resources:
        return spec.resources[name]

    known = near_miss(name, spec.resources)
    if not known:
        names = ", ".join(spec.resources)
        known = f"; there are {names}" if names else "; none was generated yet"
    raise UnknownResource(name=name, known=known)


def access_named(
    side: Side, resource: str, name: str | None
) -> tuple[Access, Scope | None]:
    """The access `name` of `resource` with its scope; for None, the access of a new
    resource. Raises UnknownAccess, and NeedsModule for one of a module that the project
    does not have."""
    accesses = accesses_of(side.modules)
    if found := accesses.named(accesses.usual.name if name is None else name):
        return found
    for module in side.catalog.modules.values():
        if name in accesses_of([module]).names:
            what = f"The access {name!r}"
            raise NeedsModule(what=what, resource=resource, module=module.name)
    every = accesses_of(side.catalog.modules.values())
    raise UnknownAccess(name=name, resource=resource, known=", ".join(every.names))
