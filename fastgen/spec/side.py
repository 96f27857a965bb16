"""One side of a change: a spec, and the catalog that renders it.

A change has two sides, and they may have two catalogs: this is how a newer commit of a
module is merged.
"""

from dataclasses import dataclass, replace

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Options, Variant
from fastgen.spec.spec import Spec

Chosen = tuple[tuple[Module, tuple[Variant, ...]], ...]
"""Modules, each with the variants that hold for it."""


@dataclass(frozen=True)
class Side:
    """A spec whose modules are all in the catalog."""

    spec: Spec
    catalog: Catalog

    @property
    def modules(self) -> tuple[Module, ...]:
        """The active modules, bridges included; sorted by name."""
        return self.catalog.active(self.spec.modules)

    def with_spec(self, spec: Spec) -> "Side":
        return replace(self, spec=spec)

    def emptied(self) -> "Side":
        """The side before there was a project: it renders to no file."""
        nothing = replace(
            self.spec, modules={}, sources={}, kept={}, resources={}, generated=()
        )
        return self.with_spec(nothing)


def chosen_variants(side: Side) -> Chosen:
    """Each active module, with those of its variants that hold; sorted by name."""
    return tuple(
        (module, module.chosen(module_options(module, side.spec)))
        for module in side.modules
    )


def module_options(module: Module, spec: Spec) -> Options:
    """The options that the module's conditions speak of; a bridge's are qualified, as
    in `auth.totp`."""
    if not module.bridges:
        return spec.modules[module.name]
    return {
        f"{name}.{option}": value
        for name in module.bridges
        for option, value in spec.modules[name].items()
    }
