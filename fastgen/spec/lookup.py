"""Lookup of resources, fields and accesses by name."""

from fastgen.catalog.resource_facts import Access, Scope
from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.phrases import hint
from fastgen.resources.accesses import UnknownAccess
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.spec.declared import accesses_there, declared_in, needs_module
from fastgen.spec.models import models_there
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec


class ScopeWithoutModel(NeedsPerson):
    """The scope {name!r} is about rows of {target}, and no module of the project
    declares that table with `fixture` and `other_fixture`. Fix the module with the
    scope."""


class UnknownResource(WrongUsage):
    """Unknown resource {name!r}{hint}."""


class UnknownField(WrongUsage):
    """{resource} has no field {name!r}{hint}."""


def resource_named(spec: Spec, name: str) -> ResourceSpec:
    if name in spec.resources:
        return spec.resources[name]
    known = hint(name, spec.resources) or "; the project has no resources yet"
    raise UnknownResource(name=name, hint=known)


def field_named(resource: ResourceSpec, name: str) -> Field:
    if name in resource.by_name:
        return resource.by_name[name]
    known = hint(name, resource.by_name)
    raise UnknownField(resource=resource.name, name=name, hint=known)


def _check_scope(scope: Scope | None, side: Side) -> None:
    model = models_there(side).get(scope.target) if scope else None
    if scope and not (model and model.fixture and model.other_fixture):
        raise ScopeWithoutModel(name=scope.name, target=scope.target)


def access_named(
    side: Side, resource: str, name: str | None
) -> tuple[Access, Scope | None]:
    """The access `name` of `resource` with its scope. None means the default access of
    new resources.

    Raises UnknownAccess, NeedsModule for an access of a missing module or option, and
    ScopeWithoutModel.
    """
    accesses = accesses_there(side)
    name = accesses.usual.name if name is None else name
    if found := accesses.named(name):
        _check_scope(found[1], side)
        return found
    every = declared_in(side.catalog).names
    if name in every and (
        refusal := needs_module(side, f"The access {name!r}", resource, name)
    ):
        raise refusal
    raise UnknownAccess(name=name, resource=resource, hint=hint(name, every))
