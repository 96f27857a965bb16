"""What a resource is among in a project: other resources, models, and conventions."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.catalog.facts import ModuleTable
from fastgen.catalog.resource_facts import ModelStyle
from fastgen.resources.resource import ResourceSpec

ANYBODY = "client"
"""The fixture of a client that is not logged in."""


@dataclass(frozen=True)
class Surroundings:
    """What the lines of a resource depend on beside the resource."""

    package: str
    """The project's package."""
    resources: Mapping[str, ResourceSpec]
    """All resources, by name."""
    models: Mapping[str, ModuleTable]
    """The models of modules, by name."""
    helpers: Mapping[str, str]
    """The modules of names that generated lines use, by name."""
    style: ModelStyle
    """How models are written."""
    caller: str
    """The fixture of a client that may call every endpoint which asks for nothing
    more."""

    @property
    def login(self) -> bool:
        """Whether endpoints ask for a login."""
        return self.caller != ANYBODY

    def client(self, resource: ResourceSpec) -> str:
        """The fixture of a client that may do everything with `resource`."""
        return resource.access.client or self.caller

    def module(self, name: str) -> str:
        """The dotted name of the module `name` of the project's package."""
        return f"{self.package}.{name}"
