"""Declared accesses, scopes and flags of resources."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastgen.catalog.module import Module, Variant
from fastgen.catalog.resource_facts import Access, Flag, Scope
from fastgen.errors import WrongUsage


class UnknownAccess(WrongUsage):
    """Unknown access {name!r} of {resource}{hint}."""


class NeedsModule(WrongUsage):
    """{what} of {resource} requires {needed}. Run `{command}` first."""


@dataclass(frozen=True)
class Accesses:
    """The declarations of modules about resources."""

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
        """The default access of new resources."""
        return max(self.accesses, key=lambda access: access.preference)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(access.name for access in self.accesses)


def accesses_of(modules: Iterable[Module]) -> Accesses:
    """The declarations of `modules` with any options."""
    return accesses_in(variant for module in modules for variant in module.variants)


def accesses_in(variants: Iterable[Variant]) -> Accesses:
    """The declarations of `variants`."""
    found = [variant.facts for variant in variants if _declares(variant)]
    return Accesses(
        tuple(sorted({a for facts in found for a in facts.accesses}, key=_name)),
        tuple(sorted({s for facts in found for s in facts.scopes}, key=_name)),
        tuple(sorted({f for facts in found for f in facts.flags}, key=_name)),
    )


def _name(fact: Access | Scope | Flag) -> str:
    return fact.name


def _declares(variant: Variant) -> bool:
    kinds = ("accesses", "scopes", "flags")
    return not variant.contributions.keys().isdisjoint(kinds)
