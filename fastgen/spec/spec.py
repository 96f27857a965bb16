"""The specification of a project, as one value."""

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


@dataclass(frozen=True)
class GeneratedItem:
    """An item of `fastgen generate KIND NAME` with all options of its kind."""

    kind: str
    name: str
    plural: str
    options: Options = field(default_factory=dict)


@dataclass(frozen=True)
class Spec:
    """A project, as fastgen.toml records it."""

    name: str
    """The name of the project and of its distribution."""
    package: str
    """The name of its Python package."""
    description: str
    """A description of the project; may be empty."""
    python: str
    """The oldest supported Python version, such as `3.11`."""
    salt: str
    """A text from which the revision ids of migrations are derived."""
    version: str
    """The version of fastgen that wrote its files."""
    modules: Mapping[str, Options]
    """The chosen modules, each with all of its options."""
    sources: Mapping[str, str]
    """The sources of modules that are not built in."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """The tables of removed modules and options, each with its former owner."""
    resources: Mapping[str, "ResourceSpec"] = field(default_factory=dict)
    """Its resources, by name."""
    generated: tuple[GeneratedItem, ...] = ()
    """Other generated items, sorted by kind and name."""


def first_spec(name: str, description: str, python: str, version: str) -> Spec:
    """The spec of a project without modules. Raises UnknownPython."""
    if python not in PYTHONS:
        raise UnknownPython(text=python, known=", ".join(PYTHONS))
    salt = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Spec(name, package_of(name), description, python, salt, version, {}, {})
