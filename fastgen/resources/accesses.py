"""The accesses that resources can have, with their scopes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastgen.catalog.facts import Facts
from fastgen.catalog.module import Module
from fastgen.catalog.resource_facts import Access, Flag, Scope
from fastgen.errors import WrongUsage


class UnknownAccess(WrongUsage):
    """Unknown access {name!r} of {resource}. Available: {known}."""


class NeedsModule(WrongUsage):
    """{what} of {resource} requires the module {module}. Add it with `fastgen add
    {module}`."""


@dataclass(frozen=True)
class Accesses:
    """What modules declare about resources as a whole."""

    accesses: tuple[Access, ...] = ()
    scopes: tuple[Scope, ...] = ()
    flags: tuple[Flag, ...] = ()

    def named(self, name: str) -> tuple[Access, Scope | None] | None:
        """The access `name` with its scope; None if it is not declared."""
        for access in self.accesses:
            if access.name == name:
                scopes = (s for s in self.scopes if s.name == access.scope)
                scope = next(scopes, None)
                return None if access.scope and not scope else (access, scope)
        return None

    @property
    def usual(self) -> Access:
        """The access of a new resource."""
        return max(self.accesses, key=lambda access: access.preference)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(access.name for access in self.accesses)


def accesses_of(modules: Iterable[Module]) -> Accesses:
    """What `modules` declare, whatever their options."""
    found = [facts for module in modules for facts in _facts_of(module)]
    return Accesses(
        tuple(sorted({a for facts in found for a in facts.accesses}, key=_name)),
        tuple(sorted({s for facts in found for s in facts.scopes}, key=_name)),
        tuple(sorted({f for facts in found for f in facts.flags}, key=_name)),
    )


def _name(fact: Access | Scope | Flag) -> str:
    return fact.name


def _facts_of(module: Module) -> Iterator[Facts]:
    for variant in module.variants:
        if not variant.contributions.keys().isdisjoint(("accesses", "scopes", "flags")):
            yield variant.facts
