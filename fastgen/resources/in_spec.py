"""Resources in fastgen.toml.

Each line holds one fact and no two lines are equal, so branches that each add a
resource merge in git.
"""

import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fastgen.catalog.facts import ModuleTable
from fastgen.encoding import toml_string
from fastgen.errors import WrongUsage
from fastgen.resources.accesses import Accesses
from fastgen.resources.associations import pairs_table
from fastgen.resources.checks import check_resources
from fastgen.resources.grammar import parse_field
from fastgen.resources.names import check_plural, check_resource_name
from fastgen.resources.resource import Field, ResourceSpec

RESOURCES = "resources"

_KEYS = {"access", "fields", "flags", "plural"}

_ACCESS = "access="


def resource_lines(resources: Mapping[str, ResourceSpec]) -> Iterator[str]:
    """The lines of the table [resources]."""
    for name, resource in sorted(resources.items()):
        yield f"{name}.access = {toml_string(resource.access.name)}\n"
        for flag in resource.flags:
            yield f"{name}.flags.{flag} = true\n"
        yield f"{name}.plural = {toml_string(resource.plural)}\n"
        for field in resource.fields:
            yield f"{name}.fields.{field.name} = {toml_string(field.definition)}\n"


def resources_in(
    table: Mapping[str, Any], accesses: Accesses
) -> dict[str, ResourceSpec]:
    """The resources of a valid fastgen.toml. `accesses` are those of the project."""
    return {
        name: _resource(name, values, accesses)
        for name, values in sorted(table.get(RESOURCES, {}).items())
    }


def _resource(name: str, values: Mapping[str, Any], accesses: Accesses) -> ResourceSpec:
    fields = values.get("fields", {}).items()
    found = accesses.named(values["access"])
    assert found is not None
    return ResourceSpec(
        name,
        values["plural"],
        tuple(parse_field(f"{field}:{text}") for field, text in fields),
        *found,
        tuple(sorted(values.get("flags", {}))),
    )


def as_declared(
    resources: Mapping[str, ResourceSpec], accesses: Accesses
) -> dict[str, ResourceSpec]:
    """`resources` with their accesses replaced by the current declarations in
    `accesses`. Undeclared accesses stay."""
    found = {name: accesses.named(r.access.name) for name, r in resources.items()}
    return {
        name: replace(r, access=given[0], scope=given[1]) if given else r
        for (name, r), given in zip(resources.items(), found.values(), strict=True)
    }


def resource_problems(
    table: Mapping[str, Any],
    models: Mapping[str, ModuleTable],
    absent: Mapping[str, str],
    accesses: Accesses,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each problem of the resources, with the path of keys to it.

    `models` and `accesses` are those of the project. `absent` are the models that its
    modules have only with other options, with these options.
    """
    found = table.get(RESOURCES, {})
    if not isinstance(found, dict):
        yield "[resources] is not a table", (RESOURCES,)
        return
    problems = False
    for name, values in found.items():
        for problem, key in _problems(name, values, models, absent, accesses):
            problems = True
            yield problem, (RESOURCES, key)
    if not problems:
        try:
            check_resources(resources_in(table, accesses), models)
        except WrongUsage as refusal:
            yield str(refusal).rstrip("."), (RESOURCES,)


def _problems(
    name: str,
    values: object,
    models: Collection[str],
    absent: Mapping[str, str],
    accesses: Accesses,
) -> Iterator[tuple[str, str]]:
    if not isinstance(values, dict) or not isinstance(values.get("fields", {}), dict):
        yield f"resources.{name} is not a table", name
        return
    try:
        check_resource_name(name, {*models, *absent}, recorded=True)
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), name
    for key in values.keys() - _KEYS:
        yield f"a resource has no {key!r}", f"{name}.{key}"
    if accesses.named(str(values.get("access"))) is None:
        known = ", ".join(accesses.names)
        yield f"resources.{name}.access is one of {known}", f"{name}.access"
    yield from _flag_problems(name, values.get("flags", {}), accesses)
    try:
        check_plural(values.get("plural", ""))
    except WrongUsage as refusal:
        yield str(refusal).rstrip("."), f"{name}.plural"
    for field, definition in values.get("fields", {}).items():
        try:
            target = parse_field(f"{field}:{definition}").target
            if target in absent:
                yield f"{target} needs {absent[target]}", f"{name}.fields.{field}"
        except WrongUsage as refusal:
            yield str(refusal).rstrip("."), f"{name}.fields.{field}"


def _flag_problems(
    name: str, flags: object, accesses: Accesses
) -> Iterator[tuple[str, str]]:
    known = {flag.name for flag in accesses.flags}
    if not isinstance(flags, dict) or any(v is not True for v in flags.values()):
        yield f"resources.{name}.flags is no table of flags that are true", name
        return
    for flag in flags.keys() - known:
        yield f"no module of the project has the flag {flag!r}", f"{name}.flags.{flag}"


def kept_text(resource: ResourceSpec) -> str:
    """A resource as one line of [kept], for a table that outlives its resource."""
    words = [resource.name, _ACCESS + resource.access.name]
    return shlex.join([*words, *(field.text for field in resource.fields)])


def kept_resource(plural: str, text: str, accesses: Accesses) -> ResourceSpec | None:
    """The resource in a text of `kept_text`; None for a table of a module. `accesses`
    are those of all modules."""
    if not (words := _kept_words(text)):
        return None
    name, access, fields = words
    found = accesses.named(access)
    return ResourceSpec(name, plural, fields, *found) if found else None


def undeclared_access(text: str, accesses: Accesses) -> str:
    """The access in a text of `kept_text` if `accesses` lacks it, else empty."""
    words = _kept_words(text)
    return words[1] if words and accesses.named(words[1]) is None else ""


def kept_tables(kept: Mapping[str, str]) -> tuple[str, ...]:
    """All tables in [kept], including association tables of resources."""
    found = {*kept}
    for table, text in kept.items():
        if words := _kept_words(text):
            *_, fields = words
            found |= {pairs_table(table, f) for f in fields if f.kind == "many"}
    return tuple(sorted(found))


def _kept_words(text: str) -> tuple[str, str, tuple[Field, ...]] | None:
    """The name, the access and the fields in a text of `kept_text`; None for other
    texts."""
    if not text[:1].isupper():
        return None
    try:
        name, access, *fields = shlex.split(text)
        return name, access.removeprefix(_ACCESS), tuple(map(parse_field, fields))
    except (ValueError, WrongUsage):
        return None
