"""Edits that remove resources and fields from a spec."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.errors import WrongUsage
from fastgen.phrases import in_words, suggestion
from fastgen.resources.names import may_name_field, may_name_resource
from fastgen.spec.declared import accesses_there
from fastgen.spec.edits import models_of
from fastgen.spec.lookup import field_named, resource_named
from fastgen.spec.models import models_there
from fastgen.spec.resource_edits import with_resources
from fastgen.spec.resource_flags import check_flags_unused
from fastgen.spec.side import Side


class StillReferred(WrongUsage):
    """{name} cannot be removed, because it is referenced by {others}. Remove the
    references first."""


class StillServed(WrongUsage):
    """{name} cannot be removed, because it is needed by {others}. Run `fastgen remove
    resource {command}` first."""


def without_resources(side: Side, names: Collection[str]) -> Side:
    """`side` without the resources `names`; names that it does not have are ignored.

    Raises StillReferred, and UnknownResource for an invalid name.
    """
    spec = side.spec
    for name in names:
        if name not in spec.resources and not may_name_resource(name):
            resource_named(spec, name)
    left = {n: r for n, r in spec.resources.items() if n not in names}
    for name in names:
        if others := [n for n, r in left.items() if name in r.targets]:
            raise StillReferred(name=name, others=in_words(others))
    return side.with_spec(replace(spec, resources=left))


def without_fields(side: Side, name: str, fields: Collection[str]) -> Side:
    """`side` without `fields` of the resource `name`; fields that it does not have are
    ignored."""
    if name not in side.spec.resources and may_name_resource(name):
        return side
    resource = resource_named(side.spec, name)
    for field in fields:
        if field not in resource.by_name and not may_name_field(field):
            field_named(resource, field)
    left = tuple(f for f in resource.fields if f.name not in fields)
    changed = replace(resource, fields=left)
    return with_resources(side, {**side.spec.resources, name: changed})


def absent_resources(
    side: Side, names: Collection[str], *, dropped: bool
) -> Iterator[str]:
    """A clause for each of `names` that is no resource of `side`. Names of kept tables
    are left out if these tables are `dropped`."""
    resources = side.spec.resources
    kept = {text.partition(" ")[0] for text in side.spec.kept.values()}
    for name in names:
        if name in kept and name not in resources and not dropped:
            yield (
                f"there is no resource {name}; --drop-tables drops the table that it"
                " left in the database"
            )
        elif name not in kept and name not in resources:
            yield f"there is no resource {name}{suggestion(name, resources)}"


def absent_fields(side: Side, name: str, fields: Collection[str]) -> Iterator[str]:
    """A clause for each of `fields` that the resource `name` does not have."""
    if name not in side.spec.resources:
        yield from absent_resources(side, [name], dropped=True)
        return
    known = side.spec.resources[name].by_name
    for field in fields:
        if field not in known:
            yield f"{name} has no field {field}{suggestion(field, known)}"


def _still_served(module: str, resources: Collection[str]) -> StillServed:
    others, command = in_words(resources), " ".join(resources)
    return StillServed(name=module, others=others, command=command)


def check_modules(left: Side, gone: Collection[str]) -> None:
    """Raise StillServed if a resource needs a module of `gone`."""
    models, resources = models_there(left), left.spec.resources
    accesses = accesses_there(left)
    if (needed := left.catalog.generating[RESOURCE_KIND].name) in gone:
        raise _still_served(needed, resources)
    for name in sorted(gone):
        its = models_of([left.catalog[name]])
        needing = [
            resource.name
            for resource in resources.values()
            if accesses.named(resource.access.name) is None
            or any(t in its and t not in models for t in resource.targets)
        ]
        if needing:
            raise _still_served(name, needing)
        check_flags_unused(left, name)
