"""Resources in fastgen.toml: one fact a line, and no two lines alike, so that branches
which each add a resource merge in git."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from fastgen.errors import WrongUsage
from fastgen.resources.associations import pairs_table
from fastgen.resources.checks import check_resources
from fastgen.resources.grammar import parse_field
from fastgen.resources.names import check_plural, check_resource_name
from fastgen.resources.resource import Access, ResourceSpec

RESOURCES = "resources"

_KEYS = {"access", "fields", "plural"}

_ACCESS = "access="


def resource_lines(resources: Mapping[str, ResourceSpec]) -> Iterator[str]:
    """The lines of the table [resources]."""
    for name, resource in sorted(resources.items()):
        yield f"{name}.access = {json.dumps(resource.access)}\n"
        yield f"{name}.plural = {json.dumps(resource.plural)}\n"
        for field in resource.fields:
            text = json.dumps(field.definition, ensure_ascii=False)
            yield f"{name}.fields.{field.name} = {text}\n"


def resources_in(table: Mapping[str, Any]) -> dict[str, ResourceSpec]:
    """The resources of fastgen.toml, in which there is no problem."""
    return {
        name: ResourceSpec(
            name,
            values["plural"],
            tuple(parse_field(f"{n}:{t}") for n, t in values.get("fields", {}).items()),
            Access(values["access"]),
        )
        for name, values in sorted(table.get(RESOURCES, {}).items())
    }


def resource_problems(
    table: Mapping[str, Any], models: Mapping[str, str], *, auth: bool
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each problem of the resources, and the keys that lead to it."""
    found = table.get(RESOURCES, {})
    if not isinstance(found, dict):
        yield "[resources] is not a table", (RESOURCES,)
        return
    problems = False
    for name, values in found.items():
        for problem, key in _problems(name, values, models):
            problems = True
            yield problem, (RESOURCES, key)
    if not problems:
        try:
            check_resources(resources_in(table), models, auth=auth)
        except WrongUsage as refusal:
            yield str(refusal).rstrip("."), (RESOURCES,)


def _problems(
    name: str, values: object, models: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    if not isinstance(values, dict) or not isinstance(values.get("fields", {}), dict):
        yield f"resources.{name} is not a table", name
        return
    try:
        check_resource_name(name, models)
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), name
    for key in values.keys() - _KEYS:
        yield f"a resource has no {key!r}", f"{name}.{key}"
    if values.get("access") not in [*Access]:
        known = ", ".join(Access)
        yield f"resources.{name}.access is one of {known}", f"{name}.access"
    try:
        check_plural(str(values.get("plural", "")))
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), f"{name}.plural"
    for field, definition in values.get("fields", {}).items():
        try:
            parse_field(f"{field}:{definition}")
        except WrongUsage as refusal:
            yield str(refusal).rstrip("."), f"{name}.fields.{field}"


def kept_text(resource: ResourceSpec) -> str:
    """A resource in one line, as [kept] has the one whose table outlives it."""
    words = [resource.name, _ACCESS + resource.access]
    return shlex.join([*words, *(field.text for field in resource.fields)])


def kept_resource(plural: str, text: str) -> ResourceSpec | None:
    """The resource that `kept_text` wrote; None for a table of a module."""
    if not text[:1].isupper():
        return None
    try:
        name, access, *fields = shlex.split(text)
        kind = Access(access.removeprefix(_ACCESS))
        return ResourceSpec(name, plural, tuple(map(parse_field, fields)), kind)
    except (ValueError, WrongUsage):
        return None


def kept_tables(kept: Mapping[str, str]) -> tuple[str, ...]:
    """All tables that [kept] stands for, those of the pairs of its resources too."""
    found = {*kept}
    for table, text in kept.items():
        if resource := kept_resource(table, text):
            found |= {pairs_table(resource, field) for field in resource.many}
    return tuple(sorted(found))
