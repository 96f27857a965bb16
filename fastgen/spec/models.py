"""Models of modules that resources refer to: present ones, and ones that another module
or option would add."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fastgen.catalog.module import Variant
from fastgen.errors import WrongUsage
from fastgen.spec.bringing import bringing, settings_of
from fastgen.spec.side import Side, chosen_variants

if TYPE_CHECKING:
    from fastgen.catalog.facts import ModuleTable
    from fastgen.resources.resource import Field, ResourceSpec


class ModelGone(WrongUsage):
    """{name} refers to {model}, which this change takes away. Remove it first, with
    `fastgen remove {what}`."""


def models_there(side: Side) -> "dict[str, ModuleTable]":
    """The models of the chosen modules with the chosen options, by name."""
    return {
        table.name: table
        for _, variants in chosen_variants(side)
        for variant in variants
        if "tables" in variant.contributions
        for table in variant.facts.tables
    }


def check_models(side: Side) -> None:
    """Raise ModelGone if a resource refers to a model whose module or option is being
    removed."""
    for resource, field in missing_models(side, side.spec.resources):
        own = field.name in resource.by_name
        name = f"{resource.name}.{field.name}" if own else resource.name
        what = f"field {resource.name} {field.name}" if own else f"resource {name}"
        raise ModelGone(name=name, model=field.target, what=what)


def missing_models(
    side: Side, resources: "Mapping[str, ResourceSpec]"
) -> "Iterator[tuple[ResourceSpec, Field]]":
    """The fields of `resources` that refer to neither a resource nor a model of `side`,
    each with its resource."""
    if not resources:
        return
    known = {*resources, *models_there(side)}
    for resource in resources.values():
        for field in (*resource.columns, *resource.many):
            if field.target and field.target not in known:
                yield resource, field


def command_for(model: str, side: Side) -> str:
    """The command that adds `model` to the project; empty if no module has it."""

    def wanted(variant: Variant) -> bool:
        tables = variant.facts.tables if "tables" in variant.contributions else ()
        return model in {table.name for table in tables}

    found = bringing(side, wanted)
    return found.command if found else ""


def settings_for(side: Side) -> dict[str, str]:
    """The models that the modules of `side` have only with other options, and these
    options: `auth.api_keys=true`."""
    there = models_there(side)
    return {
        table.name: " ".join(settings_of(module, variant))
        for module in side.modules
        for variant in module.variants
        if "tables" in variant.contributions
        for table in variant.facts.tables
        if table.name not in there
    }
