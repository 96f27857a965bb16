"""Generated items in fastgen.toml.

Each line holds one fact and no two lines are equal, so branches that each generate an
item merge in git.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastgen.catalog.catalog import Catalog, generators_of
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import Generator
from fastgen.encoding import toml_value
from fastgen.errors import WrongUsage
from fastgen.phrases import hint
from fastgen.resources.names import check_item_name, check_plural
from fastgen.spec.edits import fitted_options, unknown_option
from fastgen.spec.spec import GeneratedItem

GENERATED = "generated"

PLURAL = "plural"
"""The key that every item has in addition to the options of its kind."""


def generated_lines(items: Iterable[GeneratedItem]) -> Iterator[str]:
    """The lines of the table [generated]."""
    for item in items:
        for key, value in {PLURAL: item.plural, **item.options}.items():
            text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
            yield f"{item.kind}.{item.name}.{key} = {text}\n"


def generated_in(
    table: Mapping[str, Any], generators: Mapping[str, Generator]
) -> tuple[GeneratedItem, ...]:
    """The generated items of a valid fastgen.toml. Options that were added after the
    project was created have their defaults."""
    return tuple(
        GeneratedItem(
            kind,
            name,
            values[PLURAL],
            fitted_options(generators[kind].options, values),
        )
        for kind, items in sorted(table.get(GENERATED, {}).items())
        for name, values in sorted(items.items())
    )


def generated_problems(
    table: Mapping[str, Any], catalog: Catalog, modules: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each problem of the generated items, with the path of keys to it. `modules` are
    the names of the project's modules."""
    kinds = table.get(GENERATED, {})
    if not isinstance(kinds, dict):
        yield f"[{GENERATED}] is not a table", (GENERATED,)
        return
    generators = generators_of(catalog[name] for name in modules)
    for kind, items in kinds.items():
        if kind not in generators or kind == RESOURCE_KIND:
            yield _unknown(kind, catalog, generators), (GENERATED, kind)
        elif not isinstance(items, dict):
            yield f"{GENERATED}.{kind} is not a table", (GENERATED, kind)
        else:
            for name, values in items.items():
                for problem, key in _problems(generators[kind], name, values):
                    yield problem, (GENERATED, f"{kind}.{name}{key}")


def _unknown(kind: str, catalog: Catalog, there: Mapping[str, Generator]) -> str:
    if kind == RESOURCE_KIND:
        return f"what `generate {kind}` makes is not recorded in [{GENERATED}]"
    if kind in catalog.generating:
        return f"{GENERATED}.{kind} requires the module {catalog.generating[kind].name}"
    return f"unknown kind {kind!r}{hint(kind, there)}"


def _problems(
    generator: Generator, name: str, values: object
) -> Iterator[tuple[str, str]]:
    kind, options = generator.kind, generator.options
    where = f"{GENERATED}.{kind}.{name}"
    if not isinstance(values, dict):
        yield f"{where} is not a table", ""
        return
    try:
        check_item_name(name, kind)
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), ""
    if PLURAL not in values:
        yield f"{where} has no {PLURAL}", ""
        return
    try:
        check_plural(values[PLURAL])
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), f".{PLURAL}"
    for key, value in values.items():
        if key != PLURAL and key not in options:
            yield str(unknown_option(kind, options, key)).rstrip("."), f".{key}"
        elif key != PLURAL and not options[key].accepts(value):
            valid, given = options[key].valid, toml_value(value)
            yield f"{where}.{key} has to be {valid}, not {given}", f".{key}"
