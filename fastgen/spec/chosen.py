"""The modules of a spec, each with the variants that its options choose."""

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module, Options, Variant
from fastgen.spec.spec import Spec

Chosen = tuple[tuple[Module, tuple[Variant, ...]], ...]


def chosen_variants(spec: Spec, catalog: Catalog) -> Chosen:
    """Each active module, with those of its variants that hold; sorted by name."""
    return tuple(
        (module, module.chosen(module_options(module, spec)))
        for module in catalog.active(spec.modules)
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
