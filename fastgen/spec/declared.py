"""What modules declare about resources as a whole: accesses and flags."""

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
    """What the chosen modules declare with the chosen options."""
    return accesses_in(
        variant for _, variants in chosen_variants(side) for variant in variants
    )


def declared_in(catalog: Catalog) -> Accesses:
    """What the modules of `catalog` declare, whatever their options."""
    return accesses_of(catalog.modules.values())


def needs_module(side: Side, what: str, resource: str, name: str) -> NeedsModule | None:
    """The refusal of the access or the flag `name` that another module or another
    option declares, and the project does not have; None if nothing declares it."""
    found = bringing(side, _declaring(name))
    if found is None:
        return None
    return NeedsModule(
        what=what, resource=resource, needed=found.needed, command=found.command
    )


def conditions_of(catalog: Catalog, name: str) -> str:
    """The options that the access or the flag `name` depends on, as in
    `audit.deep=true`; empty if it is there with every option of its module."""
    wanted = _declaring(name)
    found = [
        settings_of(module, variant)
        for module in catalog.modules.values()
        for variant in filter(wanted, module.variants)
    ]
    return " and ".join(sorted(found, key=len)[0]) if found else ""


def check_declared(side: Side) -> None:
    """Raise AccessNotDeclared or FlagNotDeclared if a resource has an access or a flag
    that no chosen module declares with the chosen options."""
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
