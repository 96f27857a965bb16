"""The projects in which `make lint` checks the templates: few, and each template of
Python is in one of them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

from fastgen.catalog.catalog import Catalog, generators_of
from fastgen.catalog.module import Option, OptionValue, value_text
from fastgen.catalog.sources import load_catalog
from fastgen.catalog.templates import template_paths
from fastgen.render.generated import items_with_generators, names_of_item
from fastgen.render.package import PLACEHOLDER
from fastgen.render.words import Names, named_path
from fastgen.resources.names import pascal_case
from fastgen.spec.edits import with_modules
from fastgen.spec.from_file import with_table
from fastgen.spec.generated_edits import with_generated
from fastgen.spec.side import Side, chosen_variants

from .matrix import EVERYTHING, rows

RESOURCES = Path(__file__).with_name("shop.toml")
"""Resources of every access, with every type and `many`."""

OF_EXAMPLES = Path(__file__).with_name("teams.toml")
"""Resources with what the modules of examples/ declare."""


def linted_projects(catalog: Catalog) -> list[Side]:
    """Rows of the matrix, with resources; the package of each is called as in the
    templates. The first rows have the modules of examples/ as well, if `catalog` has
    them."""
    sides = [
        Side(replace(row.spec, name=PLACEHOLDER, package=PLACEHOLDER), catalog)
        for row in rows()
    ]
    examples = {*catalog.names} - {*load_catalog().names}
    chosen = covering_sides(sides, EVERYTHING)
    first = [with_modules(side, examples) for side in chosen[:EVERYTHING]]
    return [with_items(with_resources(side)) for side in (*first, *chosen[EVERYTHING:])]


def covering_sides(sides: Sequence[Side], first: int) -> list[Side]:
    """The `first` ones of `sides`, and as many others as it takes to have everything
    that templates of all sides depend on."""
    choices = [choices_of(side) for side in sides]
    chosen = [*range(first)]
    missing = set[str]().union(*choices)
    missing -= set[str]().union(*choices[:first])
    while missing:
        best = max(range(len(sides)), key=lambda n: len(missing & choices[n]))
        chosen.append(best)
        missing -= choices[best]
    return [sides[n] for n in chosen]


def choices_of(side: Side) -> set[str]:
    """What the templates of a project depend on: variants, each pair of values of one
    module's options, and modules that are absent though all is there to add them."""
    modules, catalog = side.spec.modules, side.catalog
    found = {
        f"no {name}"
        for name in catalog.names
        if name not in modules and modules.keys() >= {*catalog[name].requires}
    }
    for name, options in modules.items():
        values = [f"{name}.{o}={value_text(value)}" for o, value in options.items()]
        found |= {f"{a} {b}" for a, b in combinations([name, *values], 2)}
    for module, variants in chosen_variants(side):
        found |= {f"{module.name}: {variant.conditions}" for variant in variants}
    return found


def with_resources(side: Side) -> Side:
    """`side` with the resources that it can have: without logins, those that are open
    to all; and with the examples, theirs too."""
    if "database" not in side.spec.modules:
        return side
    files = [RESOURCES, OF_EXAMPLES] if "teams" in side.spec.modules else [RESOURCES]
    usable = {
        name: values
        for file in files
        for name, values in tomllib.loads(file.read_text())["resources"].items()
        if "auth" in side.spec.modules or values["access"] == "open"
    }
    return with_table(side, {"resources": usable})


def with_items(side: Side) -> Side:
    """`side` with something of every kind, for all choices of its options."""
    for kind, generator in generators_of(side.modules).items():
        if generator.files is None:
            continue
        values = [values_of(option) for option in generator.options.values()]
        for number, given in enumerate(product(*values), 1):
            chosen = dict(zip(generator.options, given, strict=True))
            name = f"{pascal_case(kind.replace('-', '_'))}{number}"
            side = with_generated(side, kind, name, None, chosen)
    return side


def values_of(option: Option) -> tuple[OptionValue, ...]:
    """All values of an option; of one with a pattern its default."""
    return (True, False) if option.is_flag else option.choices or (option.default,)


def template_sources(side: Side) -> Mapping[str, Path]:
    """The template of each file of a project, by the path that the file has there."""
    return dict(_sources(side))


def _sources(side: Side) -> Iterator[tuple[str, Path]]:
    resources = side.spec.resources.values()
    names = [Names(resource.name, resource.plural) for resource in resources]
    for _, variants in chosen_variants(side):
        for variant in variants:  # a later one takes the place of an earlier one
            if variant.files is not None:
                yield from template_paths(variant.files).items()
            if variant.resource is not None:
                for path, template in template_paths(variant.resource).items():
                    yield from ((named_path(path, each), template) for each in names)
    for item, generator, _ in items_with_generators(side.spec, side.modules):
        if generator.files is not None:
            for path, template in template_paths(generator.files).items():
                yield named_path(path, names_of_item(item)), template
