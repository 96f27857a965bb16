"""One side of a change: a spec, and the catalog that renders it.

The two sides of a change can have different catalogs, for example to merge a newer
commit of a module.
"""

from dataclasses import dataclass, replace

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Options, Variant
from fastgen.spec.spec import Spec

Chosen = tuple[tuple[Module, tuple[Variant, ...]], ...]
"""Modules, each with its active variants."""


@dataclass(frozen=True)
class Side:
    """A spec and a catalog that has all of its modules."""

    spec: Spec
    catalog: Catalog

    @property
    def modules(self) -> tuple[Module, ...]:
        """The active modules including bridges, sorted by name."""
        return self.catalog.active(self.spec.modules)

    def with_spec(self, spec: Spec) -> "Side":
        return replace(self, spec=spec)

    def emptied(self) -> "Side":
        """The side before the project existed: it renders no file."""
        nothing = replace(
            self.spec, modules={}, sources={}, kept={}, resources={}, generated=()
        )
        return self.with_spec(nothing)


def chosen_variants(side: Side) -> Chosen:
    """The active modules with their active variants, sorted by name."""
    return tuple(
        (module, module.chosen(module_options(module, side.spec)))
        for module in side.modules
    )


def module_options(module: Module, spec: Spec) -> Options:
    """The options that the conditions of `module` can use; qualified for a bridge, such
    as `auth.totp`."""
    if not module.bridges:
        return spec.modules[module.name]
    return {
        f"{name}.{option}": value
        for name in module.bridges
        for option, value in spec.modules[name].items()
    }
