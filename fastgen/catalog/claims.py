"""Two modules never claim one path, one setting or one route."""

from collections.abc import Iterator
from itertools import combinations

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Variant
from fastgen.catalog.templates import template_paths
from fastgen.errors import NeedsPerson


class ClaimedTwice(NeedsPerson):
    """The modules {first} and {second} both claim {what}; one of them has to change, or
    to name the other under `conflicts`."""


def check_claims(catalog: Catalog) -> None:
    """Raise ClaimedTwice unless all that can be chosen together fits together."""
    owners: dict[str, list[Module]] = {}
    for module in catalog.modules.values():
        for claim in {c for variant in module.variants for c in _claims(variant)}:
            owners.setdefault(claim, []).append(module)
    for claim, modules in owners.items():
        for first, second in combinations(modules, 2):
            if not _exclude_each_other(first, second):
                raise ClaimedTwice(first=first.name, second=second.name, what=claim)


def _exclude_each_other(first: Module, second: Module) -> bool:
    ours, theirs = (module.bridges or (module.name,) for module in (first, second))
    return bool(
        set(first.conflicts).intersection(theirs)
        or set(second.conflicts).intersection(ours)
    )


def _claims(variant: Variant) -> Iterator[str]:
    if variant.files:
        for path in template_paths(variant.files):
            yield f"the file {path}"
    facts = variant.facts
    yield from (f"the router {router.name}" for router in facts.routers)
    yield from (f"the middleware {found.name}" for found in facts.middleware)
    yield from (f"the setting {setting.field}" for setting in facts.settings)
    yield from (f"the variable {variable.name}" for variable in facts.variables)
    yield from (f"the resource {resource.name}" for resource in facts.resources)
    yield from (f"the check {check.name}" for check in facts.checks)
    yield from (f"the service {service.name}" for service in facts.services)
