"""Two modules never claim one path, one setting or one route."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Variant
from fastgen.catalog.templates import template_paths
from fastgen.errors import NeedsPerson
from fastgen.tree import ENVIRONMENT, SPEC_PATH

if TYPE_CHECKING:
    from fastgen.catalog.facts import Facts


class ReservedPath(NeedsPerson):
    """The module {name} has a file {path}, which is fastgen's own to write; take it out
    of the module."""


class BridgeCondition(NeedsPerson):
    """The bridge {name} has a condition on {option}={value}, which never holds; a
    bridge names the options of its ends, as in auth.totp=true."""


class ClaimedTwice(NeedsPerson):
    """The modules {first} and {second} both claim {what}; one of them has to change, or
    to name the other under `conflicts`."""


class KindTaken(NeedsPerson):
    """The modules {first} and {second} both declare `fastgen generate {kind}`; one of
    them has to call it something else."""


def check_claims(catalog: Catalog) -> None:
    """Raise ClaimedTwice unless all that can be chosen together fits together."""
    owners: dict[str, list[Module]] = {}
    kinds: dict[str, Module] = {}
    for module in catalog.modules.values():
        for kind in module.generators:
            first = kinds.setdefault(kind, module)
            if first is not module:
                raise KindTaken(first=first.name, second=module.name, kind=kind)
        _check_reserved(module)
        _check_bridge(module, catalog)
        for claim in {c for variant in module.variants for c in _claims(variant)}:
            # Two paths that differ in case alone are one on many disks.
            owners.setdefault(claim.casefold(), []).append(module)
    for claim, modules in owners.items():
        for first, second in combinations(modules, 2):
            if not _exclude_each_other(first, second):
                raise ClaimedTwice(first=first.name, second=second.name, what=claim)


def _check_reserved(module: Module) -> None:
    for variant in module.variants:
        for path in template_paths(variant.files) if variant.files else ():
            if path in (SPEC_PATH, ENVIRONMENT):
                raise ReservedPath(name=module.name, path=path)


def _check_bridge(module: Module, catalog: Catalog) -> None:
    """A bridge's conditions, which its own module.toml cannot tell to be right."""
    ends = {name: catalog.modules.get(name) for name in module.bridges}
    if not all(ends.values()):
        return  # it is never active
    for condition in (c for variant in module.variants for c in variant.conditions):
        name, _, option = condition.option.partition(".")
        end = ends.get(name)
        known = end.options.get(option) if end else None
        if module.bridges and (not known or known.parsed(condition.value) is None):
            raise BridgeCondition(
                name=module.name, option=condition.option, value=condition.value
            )


def _exclude_each_other(first: Module, second: Module) -> bool:
    names, others = (module.bridges or (module.name,) for module in (first, second))
    return bool(
        set(first.conflicts).intersection(others)
        or set(second.conflicts).intersection(names)
    )


def _claims(variant: Variant) -> Iterator[str]:
    if variant.files:
        for path in template_paths(variant.files):
            yield f"the file {path}"
    yield from fact_claims(variant.facts)


def fact_claims(facts: "Facts") -> Iterator[str]:
    """What `facts` claim: each name that one module alone can have."""
    yield from (f"the router {router.name}" for router in facts.routers)
    yield from (f"the middleware {found.name}" for found in facts.middleware)
    yield from (f"the setting {setting.field}" for setting in facts.settings)
    yield from (f"the variable {variable.name}" for variable in facts.variables)
    yield from (f"the connection {found.name}" for found in facts.connections)
    yield from (f"the check {check.name}" for check in facts.checks)
    yield from (f"the service {service.name}" for service in facts.services)
    yield from (f"the table {table.table}" for table in facts.tables)
    yield from (f"the guard {guard.name}" for guard in facts.guards)
    yield from (f"the mount {mount.name}" for mount in facts.mounts)
    for variable in facts.container_variables:
        yield f"the container's variable {variable.name}"
    yield from (f"the test service {found.name}" for found in facts.test_services)
    yield from (f"the egress {egress.name}" for egress in facts.egress)
    yield from (f"the load task {task.name}" for task in facts.load_tasks)
