"""The file of `--from`: modules, options, resources and generated items to add."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.module import value_text
from fastgen.errors import WrongUsage
from fastgen.resources.grammar import parse_fields
from fastgen.resources.resource import Field
from fastgen.spec.edits import models_of, with_modules, with_options
from fastgen.spec.generated_edits import with_generated
from fastgen.spec.generated_in_spec import GENERATED, PLURAL
from fastgen.spec.resource_edits import Wanted, checked_resource, with_resources
from fastgen.spec.resource_flags import check_flags
from fastgen.spec.side import Side

RESOURCES = "resources"

_KEYS = {GENERATED, "modules", RESOURCES}

_OF_PROJECT = {"kept", "project", "version"}
"""The keys of a fastgen.toml that apply only to its own project."""

_RESOURCE_KEYS = {"access", "fields", "flags", "plural"}


class NotThatForm(WrongUsage):
    """The file of `--from` has {what}. It can have the tables [modules.NAME] with
    options, [resources.NAME] with `access`, `fields`, `flags` and `plural`, and
    [generated.KIND.NAME] with options."""


def with_table(side: Side, table: Mapping[str, Any]) -> Side:
    """`side` with the modules, resources and generated items of `table`.

    Everything else stays, with one exception: the table `fields` of a resource replaces
    all of its fields.
    """
    if unknown := sorted(table.keys() - _KEYS - _OF_PROJECT):
        raise NotThatForm(what=f"the key {unknown[0]!r}")
    modules = tables_in(table, "modules")
    wanted = tables_in(table, RESOURCES)
    generated = tables_in(table, GENERATED)
    needed = [side.catalog.generating[RESOURCE_KIND].name] if wanted else []
    side = with_modules(side, [*needed, *modules])
    side = with_options(side, _settings(modules))
    resources = dict(side.spec.resources)
    for name, values in wanted.items():
        resources[name] = checked_resource(side, _wanted(name, values, side))
    side = with_resources(side, resources)
    for kind, name, values in _items(generated):
        given = {key: value for key, value in values.items() if key != PLURAL}
        plural = str(values[PLURAL]) if PLURAL in values else None
        side = with_generated(side, kind, name, plural, given)
    return side


def missing_targets(
    side: Side, tables: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Each resource of `tables` with a reference to a missing resource, and the name of
    the missing resource. A resource is missing if neither `tables` nor the project has
    it."""
    models = models_of(side.catalog.modules.values())
    there = {*side.spec.resources, *tables, *models}
    for name, values in tables.items():
        for field in _wanted(name, values, side).fields or ():
            if field.target and field.target not in there:
                yield name, field.target


def _items(
    kinds: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The kind, name and values of each generated item."""
    for kind in kinds:
        if kind == RESOURCE_KIND:
            raise NotThatForm(what=f"{kind!r} under [{GENERATED}]")
        for name, values in tables_in(kinds, kind).items():
            yield kind, name, values


def tables_in(table: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """The tables below `key`, by name. Raises NotThatForm."""
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


def _wanted(name: str, values: Mapping[str, Any], side: Side) -> Wanted:
    if unknown := sorted(values.keys() - _RESOURCE_KEYS):
        raise NotThatForm(what=f"the key {unknown[0]!r} in [resources.{name}]")
    where = f"in [resources.{name}]"
    for key in ("access", "plural"):
        if not isinstance(values.get(key, ""), str):
            raise NotThatForm(what=f"{where} a value of {key!r} that is not text")
    return Wanted(
        name,
        _fields(values["fields"], where) if "fields" in values else None,
        values.get("plural"),
        values.get("access"),
        _flags(name, values["flags"], side) if "flags" in values else None,
    )


def _fields(table: object, where: str) -> tuple[Field, ...]:
    if not isinstance(table, dict) or any(
        not isinstance(text, str) for text in table.values()
    ):
        raise NotThatForm(what=f"{where} fields that are no table of texts")
    return parse_fields(f"{name}:{text}" for name, text in table.items())


def _flags(name: str, table: object, side: Side) -> frozenset[str]:
    """The flags of the resource `name`; flags that are not in `table` stay."""
    if not isinstance(table, dict) or any(
        not isinstance(value, bool) for value in table.values()
    ):
        raise NotThatForm(
            what=f"in [resources.{name}] flags that are not true or false"
        )
    check_flags(side, name, table.keys())
    known = side.spec.resources.get(name)
    left = {*(known.flags if known else ())} - table.keys()
    return frozenset({*left, *(flag for flag, value in table.items() if value)})
