"""Resources for tests, with the accesses that the built-in modules declare."""

from fastgen.catalog.resource_facts import Access, Scope
from fastgen.catalog.sources import load_catalog
from fastgen.resources.accesses import accesses_of
from fastgen.resources.grammar import parse_field
from fastgen.resources.names import plural_of
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.edits import models_of

_MODULES = tuple(load_catalog().modules.values())

ACCESSES = accesses_of(_MODULES)

USER = {"User": models_of(_MODULES)["User"]}
"""The model that required references can lead to."""


def granted(name: str) -> tuple[Access, Scope | None]:
    """The access `name` with its scope, as a ResourceSpec has them."""
    found = ACCESSES.named(name)
    assert found is not None
    return found


def resource(
    name: str, *fields: str, access: str = "open", plural: str = ""
) -> ResourceSpec:
    """A resource with `fields` as they are written on a command line."""
    parsed = tuple(map(parse_field, fields))
    return ResourceSpec(name, plural or plural_of(name), parsed, *granted(access))
