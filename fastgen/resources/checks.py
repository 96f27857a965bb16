"""Rules about the resources of a project together."""

from collections.abc import Mapping

from fastgen.catalog.facts import ModuleTable
from fastgen.catalog.resource_facts import ADMINS
from fastgen.errors import WrongUsage
from fastgen.phrases import hint
from fastgen.resources.associations import associations_of
from fastgen.resources.grammar import bad_field
from fastgen.resources.names import hides_in_pairs
from fastgen.resources.references import required_circle
from fastgen.resources.resource import Field, ResourceSpec

IDENTIFIER = 63
"""The maximum length of a name in PostgreSQL."""

TOO_LONG = "the names of its table and column are too long together"

_DERIVED = ("Create", "Page", "Query", "Read", "Update", "Dep", "QueryDep")
"""The suffixes of a resource's schemas and dependencies."""


class PluralTwice(WrongUsage):
    """{name} and {other} are both called {plural} in the plural; choose another one
    with --plural."""


class NothingCanBeFirst(WrongUsage):
    """No row could be created first, because required references form a circle:
    {circle}. Make one of these references optional."""


def check_resources(
    resources: Mapping[str, ResourceSpec], models: Mapping[str, ModuleTable]
) -> None:
    """Raise an error unless `resources` are consistent. `models` are the models of
    modules, by name.

    Raises PluralTwice, BadField and NothingCanBeFirst.
    """
    plurals: dict[str, str] = {}
    for name, resource in sorted(resources.items()):
        other = plurals.setdefault(resource.plural, name)
        if other != name:
            raise PluralTwice(name=name, other=other, plural=resource.plural)
        _check_fields(resource, resources, models)
    _check_pairs(resources, plurals)
    if circle := required_circle(resources):
        raise NothingCanBeFirst(circle=" -> ".join(circle))


def _check_fields(
    resource: ResourceSpec,
    resources: Mapping[str, ResourceSpec],
    models: Mapping[str, ModuleTable],
) -> None:
    taken: dict[str, Field] = {}
    scope = resource.scope
    if scope:
        names = (scope.reference, scope.column)
        taken = dict.fromkeys(names, resource.columns[0])
    for field in resource.fields:
        for name in {field.name, field.column}:
            if name in taken:
                owns = scope and name in (scope.reference, scope.column)
                whose = "of the owner" if owns else "there"
                raise bad_field(field, f"{name} is {whose} already")
            taken[name] = field
        if field.target:
            _check_reference(field, resource, resources, models)
        table = resources.get(field.target)
        model = models.get(field.target)
        target = table.plural if table else model.table if model else ""
        unique = "_".join(resource.unique_columns(field))
        keys = (
            f"fk_{resource.plural}_{field.column}_{target}",
            f"uq_{resource.plural}_{unique}",
            f"ix_{resource.plural}_{'_'.join(resource.index_columns(field))}",
        )
        if field.kind != "many" and len(max(keys, key=len)) > IDENTIFIER:
            raise bad_field(field, TOO_LONG)


def _check_pairs(
    resources: Mapping[str, ResourceSpec], plurals: Mapping[str, str]
) -> None:
    """Raise BadField if association tables or their test files collide with other
    names."""
    taken = dict(plurals)
    tables = {name: resource.plural for name, resource in resources.items()}
    for name, resource in sorted(resources.items()):
        for found in associations_of(resource, tables):
            if hides_in_pairs(found.table):
                problem = f"its table would be {found.table}, a name of the code around"
                raise bad_field(found.field, problem)
            if other := taken.setdefault(found.table, ""):
                problem = f"its table would be {found.table}, and {other} has that"
                raise bad_field(found.field, problem)
            if namesake := plurals.get(f"{resource.plural}_pairs"):
                problem = f"its tests would be in the file of those of {namesake}"
                raise bad_field(found.field, problem)
            taken[found.table] = name
            keys = (
                f"fk_{found.table}_{found.own_column}_{found.own_table}",
                f"fk_{found.table}_{found.target_column}_{found.target_table}",
            )
            if len(max(keys, key=len)) > IDENTIFIER:
                raise bad_field(found.field, TOO_LONG)


def _check_reference(
    field: Field,
    resource: ResourceSpec,
    resources: Mapping[str, ResourceSpec],
    models: Mapping[str, ModuleTable],
) -> None:
    if field.target not in resources and field.target not in models:
        known = sorted({*resources, *(() if field.kind == "many" else models)})
        near = hint(field.target, known) or "; the project has no resources yet"
        problem = f"unknown resource {field.target!r}{near}"
        raise bad_field(field, problem, field.target)
    target = resources.get(field.target)
    if target and target.scope and target.scope != resource.scope:
        problem = (
            f"each row of {field.target} belongs to a {target.scope.name}, and those of"
            f" {resource.name} do not; only a resource with the same owner can refer to"
            " it"
        )
        raise bad_field(field, problem, field.target)
    if field.kind == "many":
        _check_many(field, resource, target)
    elif target is None and field.required and not models[field.target].fixture:
        raise bad_field(field, f"a reference to {field.target} is optional")


def _check_many(
    field: Field, resource: ResourceSpec, target: ResourceSpec | None
) -> None:
    if target is None:
        problem = f"{field.target} is a model of a module, and many takes a resource"
        raise bad_field(field, problem, field.target)
    own = {resource.name + ending for ending in ("", *_DERIVED)}
    names = {target.name, f"{target.name}Page"}
    if target is not resource and not own.isdisjoint(names):
        problem = f"{target.name} and {resource.name} would be one name in the service"
        raise bad_field(field, problem, field.target)
    if target.access.readers == ADMINS and resource.access.writers != ADMINS:
        problem = (
            f"the rows of {field.target} are for administrators only, and"
            f" {resource.name} is for others too"
        )
        raise bad_field(field, problem, field.target)
