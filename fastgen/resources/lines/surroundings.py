"""The context of a resource in its project: other resources, models and conventions."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.catalog.facts import ModuleTable
from fastgen.catalog.resource_facts import ModelStyle
from fastgen.resources.back_references import BackReferences
from fastgen.resources.resource import ResourceSpec

ANYBODY = "client"
"""The fixture of a client that is not logged in."""


@dataclass(frozen=True)
class Surroundings:
    """The inputs of a resource's lines besides the resource."""

    package: str
    """The project's package."""
    resources: Mapping[str, ResourceSpec]
    """All resources, by name."""
    models: Mapping[str, ModuleTable]
    """The models of modules, by name."""
    helpers: Mapping[str, str]
    """The module of each name that generated lines import."""
    style: ModelStyle
    """The style of model classes."""
    caller: str
    """The fixture of an ordinary client, logged in if endpoints require it."""
    backs: BackReferences
    """The back references."""

    @property
    def login(self) -> bool:
        """Whether endpoints require a login."""
        return self.caller != ANYBODY

    def client(self, resource: ResourceSpec) -> str:
        """The fixture of a client with all permissions for `resource`."""
        return resource.access.client or self.caller

    def module(self, name: str) -> str:
        """The dotted name of the module `name` in the project's package."""
        return f"{self.package}.{name}"
