"""What generated modules, and the names in them, are called after a rename."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fastgen.merge.renames.names import Definition, outer_modules


@dataclass(frozen=True)
class MovedNames:
    """What generated modules are called now."""

    modules: Mapping[str, str] = field(default_factory=dict)
    """New dotted names of modules and packages, by the old ones."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The new names of what a module defines, by its old dotted name."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The new names of attributes of `models`."""
    models: frozenset[Definition] = frozenset()
    """The classes, and the functions that take their fields, by their old names."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """The new names of tables, as foreign keys have them."""

    def module(self, name: str) -> str:
        """The new name of the module `name`; one of the user's moves with its
        package."""
        for outer, rest in outer_modules(name):
            if outer in self.modules:
                return self.modules[outer] + rest
        return name

    def old_module(self, name: str) -> str:
        """The old name of what is at `name` now."""
        for outer, rest in outer_modules(name):
            if outer in self._old_modules:
                return self._old_modules[outer] + rest
        return name

    @cached_property
    def _old_modules(self) -> Mapping[str, str]:
        return {new: old for old, new in self.modules.items()}

    def is_model(self, dotted: str) -> bool:
        module, _, name = dotted.rpartition(".")
        return (module, name) in self.models
