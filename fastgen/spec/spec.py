"""What a project is made of, as one value."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastgen.catalog.module import Options
from fastgen.errors import WrongUsage
from fastgen.names import PYTHONS, package_of

if TYPE_CHECKING:
    from fastgen.resources.resource import ResourceSpec


class UnknownPython(WrongUsage):
    """Python {text!r} is not supported; choose one of {known}."""


DATABASE = "database"
"""The module that resources are made by."""


@dataclass(frozen=True)
class Spec:
    """A project, as fastgen.toml records it.

    `modules` holds every chosen module with all of its options; `sources` where the
    modules that are not fastgen's own come from. `kept` are the tables of modules, or
    of options, that were taken out, each with its module.
    """

    name: str
    package: str
    description: str
    python: str
    salt: str
    version: str
    modules: Mapping[str, Options]
    sources: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, "ResourceSpec"] = field(default_factory=dict)


def first_spec(name: str, description: str, python: str, version: str) -> Spec:
    """A project with no module yet."""
    if python not in PYTHONS:
        raise UnknownPython(text=python, known=", ".join(PYTHONS))
    salt = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Spec(name, package_of(name), description, python, salt, version, {}, {})
