"""Facts and templates of generated items."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from fastgen.catalog.facts import Facts
from fastgen.catalog.module import Generator, Module
from fastgen.render.resources import NAMES
from fastgen.render.words import Names, as_template, named_facts
from fastgen.spec.spec import GeneratedItem, Spec

_CALLER = re.compile(r"(?<!\w)thing_caller(?!\w)")


def items_with_generators(
    spec: Spec, modules: Iterable[Module]
) -> Iterator[tuple[GeneratedItem, Generator, Module]]:
    """The generated items of `modules`, each with its generator and module."""
    for module in modules:
        for item in spec.generated:
            if item.kind in module.generators:
                yield item, module.generators[item.kind], module


def generated_facts(spec: Spec, modules: Iterable[Module]) -> Iterator[Facts]:
    """The contributions of each generated item to shared files."""
    for item, generator, _ in items_with_generators(spec, modules):
        if generator.contributions:
            yield named_facts(generator.facts, names_of_item(item))


def names_of_item(item: GeneratedItem) -> Names:
    """The names of `item`. Always the same object, because the cache of rendered texts
    compares by identity."""
    return _names(item.name, item.plural)


_names = cache(Names)


@cache
def item_template(text: str) -> str:
    """The Jinja template for the text of a generator template.

    Placeholders become the names of the item. `thing_caller` becomes the fixture of a
    client, logged in if a module requires login.
    """
    return as_template(_CALLER.sub("{{ caller }}", text), NAMES)
