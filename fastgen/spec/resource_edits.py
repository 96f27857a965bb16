"""Edits of resources in a spec."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.placeholders import is_of_each
from fastgen.catalog.templates import template_paths
from fastgen.errors import WrongUsage
from fastgen.resources.associations import associations_of, pairs_table
from fastgen.resources.checks import check_resources
from fastgen.resources.conversion import check_change
from fastgen.resources.fill import Fill, UnusableFill
from fastgen.resources.grammar import bad_field
from fastgen.resources.in_spec import kept_resource
from fastgen.resources.lines.generated_names import variable_of
from fastgen.resources.literals import canonical
from fastgen.resources.names import (
    PluralTaken,
    SingularTaken,
    check_plural,
    check_resource_name,
    plural_of,
    snake_case,
)
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.spec.declared import accesses_there, declared_in
from fastgen.spec.edits import models_of, with_modules
from fastgen.spec.endpoint_names import check_endpoints_free
from fastgen.spec.lookup import access_named, resource_named
from fastgen.spec.models import command_for, missing_models, models_there
from fastgen.spec.resource_flags import check_flags
from fastgen.spec.side import Side


class ResourceThere(WrongUsage):
    """There is a resource {name} already; `fastgen generate field {name} FIELD...` adds
    fields to it, or changes them."""


class PluralStays(WrongUsage):
    """The plural of {name} is {plural}, which its package, its table and its URL are
    called, and it stays: leave {given} out. A package that you rename is followed."""


class OtherOwner(WrongUsage):
    """{name} cannot get the access {access}: its rows have no {scope} as owner. Remove
    it with `fastgen remove resource {name} --drop-tables`, and generate it
    again."""


class NameHidden(WrongUsage):
    """{name} cannot name this resource: its functions have {other} already; choose
    another name."""


class TableKept(WrongUsage):
    """The table {table} of an earlier {name} is still there and cannot become the new
    one ({why}); drop it first, with `fastgen remove resource {name} --drop-tables`."""


@dataclass(frozen=True)
class Wanted:
    """A resource as requested by a command or a file; None leaves a part unchanged."""

    name: str
    fields: Sequence[Field] | None = None
    plural: str | None = None
    access: str | None = None
    flags: Collection[str] | None = None
    filled: str = ""
    """The field that gets a value in existing rows; empty without one."""


def with_resource(
    side: Side,
    name: str,
    fields: Sequence[Field],
    plural: str | None = None,
    access: str | None = None,
    flags: Collection[str] = (),
) -> Side:
    """`side` with the resource and the module that generates resources. `access` is the
    name of an access; None means the default.

    Raises PluralStays or ResourceThere if the resource exists and differs, and the
    errors of `checked_resource` and `with_resources`.
    """
    side = with_modules(side, [side.catalog.generating[RESOURCE_KIND].name])
    known = side.spec.resources.get(name)
    if known:
        _check_same(known, fields, plural, access, flags)
        return side
    resource = checked_resource(side, Wanted(name, fields, plural, access, flags))
    return with_resources(side, {**side.spec.resources, name: resource})


def checked_resource(side: Side, wanted: Wanted) -> ResourceSpec:
    """The resource that `wanted` describes, in the project of `side`.

    Missing parts come from the existing resource, or are the defaults of a new one.
    This function checks the rules about one resource; `with_resources` checks the rules
    about all of them.
    """
    name, known = wanted.name, side.spec.resources.get(wanted.name)
    if known is None:
        check_resource_name(name, models_of(side.catalog.modules.values()))
    plural = wanted.plural or (known.plural if known else plural_of(name))
    check_plural(plural)
    if known and plural != known.plural:
        raise PluralStays(name=name, plural=known.plural, given=plural)
    usual = known.access.name if known else None
    access, scope = access_named(side, name, wanted.access or usual)
    if known and scope is not None and known.scope != scope:
        raise OtherOwner(name=name, access=access.name, scope=scope.name)
    flags, fields = wanted.flags, wanted.fields
    if flags is None:
        flags = known.flags if known else ()
    if fields is None:
        fields = known.fields if known else ()
    check_flags(side, name, flags)
    recorded, own = as_recorded(known, fields), tuple(sorted({*flags}))
    resource = ResourceSpec(name, plural, recorded, access, scope, own)
    if known is None:
        check_plural_free(resource, side)
        check_endpoints_free(resource, side)
        _check_kept(resource, side)
    else:
        for field in recorded:
            before, filled = known.by_name.get(field.name), field.name == wanted.filled
            check_change(known, before, field, filled=filled)
    check_pairs_free(resource, side.catalog)
    return resource


def _check_same(
    known: ResourceSpec,
    fields: Sequence[Field],
    plural: str | None,
    access: str | None,
    flags: Collection[str],
) -> None:
    if plural not in (None, known.plural):
        raise PluralStays(name=known.name, plural=known.plural, given=plural)
    same_access = access in (None, known.access.name)
    same_fields = known.fields == as_recorded(known, fields)
    if not (same_access and same_fields and {*flags} <= {*known.flags}):
        raise ResourceThere(name=known.name)


def with_fields(
    side: Side, name: str, fields: Sequence[Field], fill: Fill | None = None
) -> Side:
    """`side` with `fields` added to the resource `name`.

    A field replaces the existing field of the same name. `fill` has the value for
    existing rows. Raises UnusableFill if they have a value already, and the errors of
    `checked_resource` and `with_resources`.
    """
    known = resource_named(side.spec, name).by_name
    every = {**known, **{f.name: f for f in fields}}
    filled = fill.field.name if fill else ""
    there = known.get(filled)
    if there and not there.optional and canonical(there) != canonical(every[filled]):
        raise UnusableFill(problem=f"existing rows have values of {filled}")
    changed = checked_resource(side, Wanted(name, tuple(every.values()), filled=filled))
    return with_resources(side, {**side.spec.resources, name: changed})


def check_existing_rows(old: Side, new: Side, fill: Fill | None) -> None:
    """Raise BadField if existing rows cannot be converted from `old` to `new`.

    `new` is the side that fastgen.toml records, while the files still match `old`.
    """
    filled = (fill.resource, fill.field.name) if fill else ()
    for name in sorted(old.spec.resources.keys() & new.spec.resources.keys()):
        known = old.spec.resources[name]
        for field in new.spec.resources[name].fields:
            is_filled = (name, field.name) == filled
            before = known.by_name.get(field.name)
            check_change(known, before, field, filled=is_filled)


def as_recorded(
    known: ResourceSpec | None, fields: Iterable[Field]
) -> tuple[Field, ...]:
    """`fields`, with the recorded form of each field that has the same meaning. For
    example, a default of `09:30:00` from an older fastgen stays as it is."""
    recorded = known.by_name if known else {}
    pairs = ((recorded.get(field.name, field), field) for field in fields)
    return tuple(b if canonical(b) == canonical(f) else f for b, f in pairs)


def _check_kept(resource: ResourceSpec, side: Side) -> None:
    """Raise TableKept if a kept table cannot become the table of `resource`."""
    text = side.spec.kept.get(resource.plural, "")
    kept = kept_resource(resource.plural, text, declared_in(side.catalog))
    if kept is None:
        return
    why = "its rows belong to others" if kept.scope != resource.scope else ""
    for field in resource.fields:
        try:
            check_change(kept, kept.by_name.get(field.name), field)
        except WrongUsage as refusal:
            why = why or str(refusal).rstrip(".")
    if why:
        raise TableKept(name=kept.name, table=resource.plural, why=why)


def check_plural_free(resource: ResourceSpec, side: Side) -> None:
    """Raise PluralTaken or SingularTaken if another resource or any module, even one
    outside the project, uses the name of `resource`."""
    plural = resource.plural
    for path, module in _paths(side.catalog):
        inside = path.removeprefix("src/myapi/").partition("/")[0].removesuffix(".py")
        if path.startswith("src/myapi/") and inside == plural:
            raise PluralTaken(name=resource.name, plural=plural, what=module)
        if path in (f"tests/test_{plural}.py", f"tests/factories/{plural}.py"):
            raise PluralTaken(name=resource.name, plural=plural, what=module)
    models = models_of(side.catalog.modules.values())
    if plural in {model.table for model in models.values()}:
        raise PluralTaken(name=resource.name, plural=plural, what="a module's table")
    singular = snake_case(resource.name)
    for other in side.spec.resources.values():
        if snake_case(other.name) == singular:
            raise SingularTaken(name=resource.name, other=other.name, singular=singular)
        if other.plural == plural:
            raise PluralTaken(name=resource.name, plural=plural, what=other.name)


def check_pairs_free(resource: ResourceSpec, catalog: Catalog) -> None:
    """Raise BadField if any module, even one outside the project, has a table with the
    name of an association table of `resource`."""
    tables = {model.table for model in models_of(catalog.modules.values()).values()}
    for field in resource.many:
        if (table := pairs_table(resource.plural, field)) in tables:
            problem = f"a module's table is called {table}"
            raise bad_field(field, problem)


def _paths(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for module in catalog.modules.values():
        for variant in module.variants:
            for folder in (variant.files, variant.resource):
                if folder is not None:
                    for path in template_paths(folder):
                        if not is_of_each(path):
                            yield path, f"the module {module.name}"


def with_served_resources(side: Side) -> Side:
    """`side` without the resources that need a missing module or resource, so that it
    can be rendered."""
    needed = side.catalog.generating[RESOURCE_KIND].name
    left = side.spec.resources if needed in side.spec.modules else {}
    accesses, models = accesses_there(side), models_there(side)
    while True:
        served = {
            name: resource
            for name, resource in left.items()
            if accesses.named(resource.access.name) is not None
            and all(target in models or target in left for target in resource.targets)
        }
        if len(served) == len(left):
            return side.with_spec(replace(side.spec, resources=served))
        left = served


def with_resources(side: Side, resources: Mapping[str, ResourceSpec]) -> Side:
    """`side` with its resources replaced by `resources`.

    Raises BadField, NameHidden and the errors of `check_resources`.
    """
    for _, field in missing_models(side, resources):
        if command := command_for(field.target, side):
            problem = f"{field.target} is not there yet; run `{command}` first"
            raise bad_field(field, problem, field.target)
    check_resources(resources, models_there(side))
    tables = {name: resource.plural for name, resource in resources.items()}
    for resource in resources.values():
        _check_variable(resource, tables)
    changed = replace(side.spec, resources=dict(sorted(resources.items())))
    return side.with_spec(changed)


def _check_variable(resource: ResourceSpec, tables: Mapping[str, str]) -> None:
    """Raise NameHidden if the variable of a row would collide with another name in a
    generated function."""
    variable = variable_of(snake_case(resource.name))
    taken = {resource.scope.column} if resource.scope else set()
    for found in associations_of(resource, tables):
        taken |= {found.table, found.target_column}
        if found.field.target != resource.name:
            taken |= {f"select_{found.target_table}"}
    many = map(snake_case, (field.target for field in resource.many))
    needed = (field.target for field in resource.stored if field.required)
    taken |= {f"added_{target}" for target in many}
    taken |= {f"add_{target}" for target in map(snake_case, filter(None, needed))}
    for other in sorted(taken & {variable, f"{variable}_id"}):
        raise NameHidden(name=resource.name, other=other)
