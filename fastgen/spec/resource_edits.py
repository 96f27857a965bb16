"""The edits of a spec that are about resources."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.generators import RESOURCE_KIND
from fastgen.catalog.placeholders import is_of_each
from fastgen.catalog.resource_facts import Access, Scope
from fastgen.catalog.templates import template_paths
from fastgen.errors import WrongUsage
from fastgen.resources.accesses import accesses_of
from fastgen.resources.associations import associations_of, pairs_table
from fastgen.resources.checks import check_resources
from fastgen.resources.conversion import check_change
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
from fastgen.spec.edits import models_of, with_modules
from fastgen.spec.lookup import access_named, resource_named
from fastgen.spec.models import command_for, missing_models, models_there
from fastgen.spec.resource_flags import check_flags, check_flags_unused
from fastgen.spec.side import Side


class UnknownField(WrongUsage):
    """{resource} has no field {name!r}{known}."""


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


class StillReferred(WrongUsage):
    """{name} cannot be removed while {others} refers to it; remove that first."""


class StillServed(WrongUsage):
    """{name} cannot be removed while the resources {others} need it; remove these
    first, with `fastgen remove resource`."""


class NameHidden(WrongUsage):
    """{name} cannot name this resource: its functions have {other} already; choose
    another name."""


class TableKept(WrongUsage):
    """The table {table} of an earlier {name} is still there and cannot become the new
    one ({why}); drop it first, with `fastgen remove resource {name} --drop-tables`."""


def with_resource(
    side: Side,
    name: str,
    fields: Sequence[Field],
    plural: str | None = None,
    access: str | None = None,
    flags: Collection[str] = (),
) -> Side:
    """`side` with the resource, and with the module that generates it. `access` is the
    name of one; None: that of a new resource."""
    side = with_modules(side, [side.catalog.generating[RESOURCE_KIND].name])
    spec = side.spec
    check_resource_name(name, models_of(side.catalog.modules.values()))
    known = spec.resources.get(name)
    if known:
        _check_same(known, fields, plural, access, flags)
        return side
    given = access_named(side, name, access)
    check_flags(side, name, flags)
    own = tuple(sorted({*flags}))
    plural = plural or plural_of(name)
    check_plural(plural)
    resource = ResourceSpec(name, plural, tuple(fields), *given, own)
    check_plural_free(resource, side)
    check_pairs_free(resource, side.catalog)
    check_kept(resource, side)
    return with_resources(side, {**spec.resources, name: resource})


def _check_same(
    known: ResourceSpec,
    fields: Sequence[Field],
    plural: str | None,
    access: str | None,
    flags: Collection[str],
) -> None:
    check_plural_stays(known, plural or known.plural)
    same_access = access in (None, known.access.name)
    same_fields = known.fields == as_recorded(known, fields)
    if not (same_access and same_fields and {*flags} <= {*known.flags}):
        raise ResourceThere(name=known.name)


def with_fields(side: Side, name: str, fields: Sequence[Field]) -> Side:
    """`side` with `fields` added to the resource `name`. A field replaces an existing
    field of the same name."""
    resource = resource_named(side.spec, name)
    known = dict(resource.by_name)
    for field in as_recorded(resource, fields):
        check_change(resource, known.get(field.name), field)
        known[field.name] = field
    changed = replace(resource, fields=tuple(known.values()))
    check_pairs_free(changed, side.catalog)
    return with_resources(side, {**side.spec.resources, name: changed})


def as_recorded(
    known: ResourceSpec | None, fields: Iterable[Field]
) -> tuple[Field, ...]:
    """`fields`, each as `known` has it where that says the same in another text: a
    default of `09:30:00`, which an older fastgen recorded, stays what it is."""
    recorded = known.by_name if known else {}
    pairs = ((recorded.get(field.name, field), field) for field in fields)
    return tuple(b if canonical(b) == canonical(f) else f for b, f in pairs)


def without_resources(side: Side, names: Collection[str]) -> Side:
    """`side` without the resources `names`. A resource that was removed earlier and
    whose table is kept may be named again."""
    spec = side.spec
    kept = {text.partition(" ")[0] for text in spec.kept.values()}
    for name in names:
        if name not in kept:
            resource_named(spec, name)
    left = {n: r for n, r in spec.resources.items() if n not in names}
    for name in names:
        if others := [n for n, r in left.items() if name in r.targets]:
            raise StillReferred(name=name, others=" and ".join(others))
    return side.with_spec(replace(spec, resources=left))


def without_fields(side: Side, name: str, fields: Collection[str]) -> Side:
    """`side` without the fields `fields` of the resource `name`."""
    resource = resource_named(side.spec, name)
    for field in fields:
        if field not in resource.by_name:
            known = ", ".join(resource.by_name)
            hint = f"; it has {known}" if known else ""
            raise UnknownField(resource=name, name=field, known=hint)
    left = tuple(f for f in resource.fields if f.name not in fields)
    changed = replace(resource, fields=left)
    return with_resources(side, {**side.spec.resources, name: changed})


def check_kept(resource: ResourceSpec, side: Side) -> None:
    """Raise TableKept where the table of an earlier one, which is still there with its
    rows, could not become the table of `resource`."""
    text = side.spec.kept.get(resource.plural, "")
    every = accesses_of(side.catalog.modules.values())
    kept = kept_resource(resource.plural, text, every)
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
    """No module, whether chosen or not, has a package or a table of that name."""
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
    """No module, whether chosen or not, has a table that is called like its pairs."""
    tables = {model.table for model in models_of(catalog.modules.values()).values()}
    for field in resource.many:
        if (table := pairs_table(resource.plural, field)) in tables:
            problem = f"a module's table is called {table}"
            raise bad_field(field, problem)


def check_access(known: ResourceSpec, access: Access, scope: Scope | None) -> None:
    """Raise OtherOwner if the rows of `known` have no owner of `scope`."""
    if scope is not None and known.scope != scope:
        raise OtherOwner(name=known.name, access=access.name, scope=scope.name)


def check_plural_stays(known: ResourceSpec, plural: str) -> None:
    if plural != known.plural:
        raise PluralStays(name=known.name, plural=known.plural, given=plural)


def _paths(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for module in catalog.modules.values():
        for variant in module.variants:
            for folder in (variant.files, variant.resource):
                if folder is not None:
                    for path in template_paths(folder):
                        if not is_of_each(path):
                            yield path, f"the module {module.name}"


def check_modules(left: Side, gone: Collection[str]) -> None:
    """Raise StillServed where resources need a module that goes."""
    models, resources = models_there(left), left.spec.resources
    accesses = accesses_of(left.modules)
    if (needed := left.catalog.generating[RESOURCE_KIND].name) in gone:
        raise StillServed(name=needed, others=", ".join(resources))
    for name in sorted(gone):
        its = models_of([left.catalog[name]])
        needing = [
            resource.name
            for resource in resources.values()
            if accesses.named(resource.access.name) is None
            or any(t in its and t not in models for t in resource.targets)
        ]
        if needing:
            raise StillServed(name=name, others=", ".join(needing))
        check_flags_unused(left, name)


def with_served_resources(side: Side) -> Side:
    """`side` without the resources that need a module or a resource which it does not
    have; so it can be rendered."""
    needed = side.catalog.generating[RESOURCE_KIND].name
    left = side.spec.resources if needed in side.spec.modules else {}
    accesses, models = accesses_of(side.modules), models_there(side)
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
    """`side` with `resources`, by name, in the place of those it has. Raises what
    `check_resources` raises, and NameHidden."""
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
    """Raise NameHidden where functions with a row of it have its name for something
    else."""
    variable = variable_of(snake_case(resource.name))
    taken = {resource.scope.column} if resource.scope else set()
    for found in associations_of(resource, tables):
        taken |= {found.table, found.target_column}
        if found.field.target != resource.name:
            taken |= {f"{found.target_table}_queries"}
    many = map(snake_case, (field.target for field in resource.many))
    needed = (field.target for field in resource.stored if field.required)
    taken |= {f"added_{target}" for target in many}
    taken |= {f"add_{target}" for target in map(snake_case, filter(None, needed))}
    for other in sorted(taken & {variable, f"{variable}_id"}):
        raise NameHidden(name=resource.name, other=other)
