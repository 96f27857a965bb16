"""Edits that rename a resource or a field in a spec."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from fastgen.errors import WrongUsage
from fastgen.phrases import suggestion
from fastgen.resources.names import (
    SYSTEM_COLUMNS,
    check_plural,
    check_resource_name,
    field_problem,
    plural_of,
    snake_case,
)
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.spec.edits import models_of
from fastgen.spec.endpoint_names import check_endpoints_free
from fastgen.spec.lookup import field_named, resource_named
from fastgen.spec.resource_edits import (
    TableKept,
    check_pairs_free,
    check_plural_free,
    with_resources,
)
from fastgen.spec.side import Side


class NewNameTaken(WrongUsage):
    """{what} cannot be called {name}, since that name is in use. Choose another
    name."""


class BadNewName(WrongUsage):
    """{what} cannot be called {name}: {problem}."""


class SameName(WrongUsage):
    """{what} already has the name {name}. Choose another name."""


@dataclass(frozen=True)
class Reference:
    """A field that refers to a resource."""

    resource: str
    field: Field
    fitting: str
    """The name that matches the new name of the resource."""


@dataclass(frozen=True)
class Rename:
    """A new name for `resource`, or for its field `field`."""

    resource: ResourceSpec
    """The resource before the rename."""
    renamed: ResourceSpec
    field: str = ""
    """The old name of the field; empty if the resource is renamed."""
    new_field: str = ""
    references: tuple[Reference, ...] = ()
    """The fields that refer to the resource and have its old name."""

    @property
    def words(self) -> str:
        old, new = self.resource.name, self.renamed.name
        if self.field:
            return f"renames {old}.{self.field} to {self.new_field}"
        return f"renames the resource {old} to {new}"

    def kept_text(self, text: str) -> str:
        """The line of a kept table with references to the resource renamed."""
        old = re.escape(self.resource.name)
        return re.sub(rf"(?<=ref:|any:){old}(?!\w)", self.renamed.name, text)


def earlier_field_rename(
    side: Side, resource: str, old: str, new: str
) -> Iterator[str]:
    """A clause if `resource` has the field `new` and none that `old` could mean."""
    known = side.spec.resources.get(resource)
    if known and _is_renamed(old, new, known.by_name):
        yield f"{resource} has the field {new}, and no field {old}"


def earlier_resource_rename(
    side: Side, old: str, new: str, plural: str | None
) -> Iterator[str]:
    """A clause if there is the resource `new` and none that `old` could mean."""
    known = side.spec.resources
    if _is_renamed(old, new, known) and plural in (None, known[new].plural):
        yield f"there is the resource {new}, and no resource {old}"


def _is_renamed(old: str, new: str, known: Collection[str]) -> bool:
    others = {*known} - {new}
    is_typo = suggestion(old, others, cutoff=0.75)
    return new in known and old not in known and not is_typo


def with_renamed_field(
    side: Side, resource: str, old: str, new: str
) -> tuple[Side, Rename]:
    """`side` with the field `old` of `resource` renamed to `new`."""
    known = resource_named(side.spec, resource)
    before = field_named(known, old)
    if old == new:
        raise SameName(what=f"{resource}.{old}", name=new)
    field = replace(before, name=new)
    problem = field_problem(new)
    if field.column in SYSTEM_COLUMNS:
        problem = f"PostgreSQL has a column {field.column} in each table already"
    if problem:
        raise BadNewName(what=f"{resource}.{old}", name=new, problem=problem)
    if new in known.by_name:
        raise NewNameTaken(what=f"{resource}.{old}", name=new)
    fields = tuple(field if f.name == old else f for f in known.fields)
    renamed = replace(known, fields=fields)
    check_pairs_free(renamed, side.catalog)
    after = with_resources(side, {**side.spec.resources, resource: renamed})
    return after, Rename(known, renamed, old, new)


def with_renamed_resource(
    side: Side, old: str, new: str, plural: str | None = None
) -> tuple[Side, Rename]:
    """`side` with the resource `old` renamed to `new`, including all references."""
    known = resource_named(side.spec, old)
    if old == new and plural in (None, known.plural):
        raise SameName(what="The resource", name=new)
    check_resource_name(new, models_of(side.catalog.modules.values()))
    if new != old and new in side.spec.resources:
        raise NewNameTaken(what=f"The resource {old}", name=new)
    plural = plural or plural_of(new)
    check_plural(plural)
    if plural in side.spec.kept:
        earlier = side.spec.kept[plural].partition(" ")[0]
        why = f"{old} has a table already"
        raise TableKept(name=earlier, table=plural, why=why)
    others = {n: _aimed(r, old, new) for n, r in side.spec.resources.items()}
    renamed = replace(others.pop(old), name=new, plural=plural)
    left = side.with_spec(replace(side.spec, resources=others))
    check_plural_free(renamed, left)
    check_endpoints_free(renamed, left)
    check_pairs_free(renamed, side.catalog)
    resources = {**others, new: renamed}
    references = tuple(_references(resources.values(), known, renamed))
    rename = Rename(known, renamed, references=references)
    return with_resources(left, resources), rename


def _references(
    resources: Iterable[ResourceSpec], old: ResourceSpec, new: ResourceSpec
) -> Iterator[Reference]:
    names = {snake_case(old.name): snake_case(new.name), old.plural: new.plural}
    for resource in resources:
        for field in resource.fields:
            fitting = names.get(field.name, field.name)
            if field.target == new.name and fitting != field.name:
                yield Reference(resource.name, field, fitting)


def _aimed(resource: ResourceSpec, old: str, new: str) -> ResourceSpec:
    return replace(
        resource, fields=tuple(_aimed_field(f, old, new) for f in resource.fields)
    )


def _aimed_field(field: Field, old: str, new: str) -> Field:
    if field.target != old:
        return field
    return replace(field, arguments=(new, *field.arguments[1:]))
