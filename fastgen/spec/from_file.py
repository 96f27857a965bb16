"""A file that says what a project is to have: modules, options, resources, and what
else is generated."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import value_text
from fastgen.errors import WrongUsage
from fastgen.resources.conversion import check_change
from fastgen.resources.grammar import parse_fields
from fastgen.resources.names import check_plural, check_resource_name, plural_of
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.spec.edits import models_of, with_modules, with_options
from fastgen.spec.generated_edits import with_generated
from fastgen.spec.generated_in_spec import GENERATED, PLURAL
from fastgen.spec.lookup import access_named
from fastgen.spec.resource_edits import (
    as_recorded,
    check_access,
    check_kept,
    check_pairs_free,
    check_plural_free,
    check_plural_stays,
    with_resources,
)
from fastgen.spec.resource_flags import check_flags
from fastgen.spec.side import Side

_KEYS = {GENERATED, "modules", "resources"}

_RESOURCE_KEYS = {"access", "fields", "flags", "plural"}


class NotThatForm(WrongUsage):
    """The file has {what}; it has the tables [modules.NAME] with options,
    [resources.NAME] with `plural`, `access`, and the tables `fields` and `flags`, and
    [generated.KIND.NAME] with options."""


def with_table(side: Side, table: Mapping[str, Any]) -> Side:
    """`side` with all that `table` says; what it does not mention stays."""
    if unknown := sorted(table.keys() - _KEYS):
        raise NotThatForm(what=f"the key {unknown[0]!r}")
    modules = _tables(table, "modules")
    wanted = _tables(table, "resources")
    generated = _tables(table, GENERATED)
    needed = [side.catalog.generating[RESOURCE_KIND].name] if wanted else []
    side = with_modules(side, [*needed, *modules])
    side = with_options(side, _settings(modules))
    spec, catalog = side.spec, side.catalog
    resources = dict(spec.resources)
    for name, values in wanted.items():
        known = spec.resources.get(name)
        resource = _resource(name, values, side, known)
        if known is None:
            check_resource_name(name, models_of(catalog.modules.values()))
            check_plural_free(resource, side)
            check_kept(resource, side)
        else:
            check_plural_stays(known, resource.plural)
            check_access(known, resource.access, resource.scope)
            for field in resource.fields:
                check_change(known, known.by_name.get(field.name), field)
        check_pairs_free(resource, catalog)
        resources[name] = resource
    side = with_resources(side, resources)
    for kind, name, values in _items(generated):
        given = {key: value for key, value in values.items() if key != PLURAL}
        plural = str(values[PLURAL]) if PLURAL in values else None
        side = with_generated(side, kind, name, plural, given)
    return side


def _items(
    kinds: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The kind, the name and the values of each thing to generate."""
    for kind in kinds:
        if kind == RESOURCE_KIND:
            raise NotThatForm(what=f"{kind!r} under [{GENERATED}]")
        for name, values in _tables(kinds, kind).items():
            yield kind, name, values


def _tables(table: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    found = table.get(key, {})
    if not isinstance(found, dict) or not all(
        isinstance(values, dict) for values in found.values()
    ):
        raise NotThatForm(what=f"a [{key}] that is not of tables")
    return found


def _settings(modules: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, options in modules.items():
        for option, value in options.items():
            if option != "source":
                yield f"{name}.{option}={value_text(value)}"


def _resource(
    name: str, values: Mapping[str, Any], side: Side, known: ResourceSpec | None
) -> ResourceSpec:
    if unknown := sorted(values.keys() - _RESOURCE_KEYS):
        raise NotThatForm(what=f"the key {unknown[0]!r} in [resources.{name}]")
    fields = values.get("fields", {})
    if not isinstance(fields, dict):
        raise NotThatForm(what=f"in [resources.{name}] fields that are no table")
    plural = values.get("plural") or (known.plural if known else plural_of(name))
    check_plural(plural)
    access = values.get("access") or (known.access.name if known else None)
    given = access_named(side, name, access)
    flags = values.get("flags", {})
    if not isinstance(flags, dict) or any(v is not True for v in flags.values()):
        raise NotThatForm(what=f"in [resources.{name}] flags that are not true")
    check_flags(side, name, flags)
    recorded = as_recorded(known, _fields(fields))
    return ResourceSpec(name, plural, recorded, *given, tuple(sorted(flags)))


def _fields(table: Mapping[str, Any]) -> tuple[Field, ...]:
    return parse_fields(f"{name}:{text}" for name, text in table.items())
