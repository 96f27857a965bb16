"""The new names of generated modules and of the names in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fastgen.merge.renames.names import Definition, outer_modules


@dataclass(frozen=True)
class MovedNames:
    """The names that a rename changes in generated modules."""

    modules: Mapping[str, str] = field(default_factory=dict)
    """The new dotted names of modules and packages, by the old ones."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The new names of a module's definitions, by its old dotted name."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The new names of attributes of `models`."""
    models: frozenset[Definition] = frozenset()
    """Model classes and the functions that take their fields, by their old names."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """The new names of tables, as used in foreign keys."""
    table: str = ""
    """The table whose columns are `fields`."""

    def module(self, name: str) -> str:
        """The new name of the module `name`. A user's module moves with its package."""
        for outer, rest in outer_modules(name):
            if outer in self.modules:
                return self.modules[outer] + rest
        return name

    def old_module(self, name: str) -> str:
        """The old name of the module or definition that is now called `name`."""
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
