"""Declarations of modules about resources: accesses and flags."""

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Variant
from fastgen.errors import WrongUsage
from fastgen.resources.accesses import (
    Accesses,
    NeedsModule,
    accesses_in,
    accesses_of,
)
from fastgen.spec.bringing import Wanted, bringing, settings_of
from fastgen.spec.side import Side, chosen_variants


class AccessNotDeclared(WrongUsage):
    """{resource} has the access {access}, which this change takes away. Give it another
    access or remove it first, with `fastgen remove resource {resource}`."""


class FlagNotDeclared(WrongUsage):
    """{resource} has the flag {flag}, which this change takes away. Take the flag away
    first, with `fastgen set {resource}.{flag}=false`."""


def accesses_there(side: Side) -> Accesses:
    """The declarations of the chosen modules with the chosen options."""
    return accesses_in(
        variant for _, variants in chosen_variants(side) for variant in variants
    )


def declared_in(catalog: Catalog) -> Accesses:
    """The declarations of all modules of `catalog` with any options."""
    return accesses_of(catalog.modules.values())


def needs_module(side: Side, what: str, resource: str, name: str) -> NeedsModule | None:
    """The error for an access or flag `name` that requires another module or option;
    None if nothing declares `name`."""
    found = bringing(side, _declaring(name))
    if found is None:
        return None
    return NeedsModule(
        what=what, resource=resource, needed=found.needed, command=found.command
    )


def conditions_of(catalog: Catalog, name: str) -> str:
    """The options that the access or flag `name` depends on, such as `audit.deep=true`;
    empty if its module always declares it."""
    wanted = _declaring(name)
    found = [
        settings_of(module, variant)
        for module in catalog.modules.values()
        for variant in filter(wanted, module.variants)
    ]
    return " and ".join(sorted(found, key=len)[0]) if found else ""


def check_declared(side: Side) -> None:
    """Raise AccessNotDeclared or FlagNotDeclared if a resource has an access or a flag
    that the chosen modules and options do not declare."""
    declared = accesses_there(side) if side.spec.resources else Accesses()
    flags = {flag.name for flag in declared.flags}
    for resource in side.spec.resources.values():
        if declared.named(resource.access.name) is None:
            access = resource.access.name
            raise AccessNotDeclared(resource=resource.name, access=access)
        for flag in resource.flags:
            if flag not in flags:
                raise FlagNotDeclared(resource=resource.name, flag=flag)


def _declaring(name: str) -> Wanted:
    def wanted(variant: Variant) -> bool:
        declared = accesses_in([variant])
        return name in {*declared.names, *(flag.name for flag in declared.flags)}

    return wanted
