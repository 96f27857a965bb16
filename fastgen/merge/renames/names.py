"""The map from fastgen's names to the user's names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Definition = tuple[str, str]
"""A module, and the name of a top-level class, function or variable."""


@dataclass(frozen=True)
class UsersNames:
    """The user's names for modules and definitions of base. Modules are dotted
    names."""

    modules: Mapping[str, str] = field(default_factory=dict)
    """The new name of each module and package of base that the user moved."""
    definitions: Mapping[Definition, Definition] = field(default_factory=dict)
    """The new module and name of each definition that the user renamed or moved to
    another module, by its module and name in base."""
    homes: Mapping[Definition, str] = field(default_factory=dict)
    """The user's file for each definition that was moved there, by its path and name in
    base."""

    def __bool__(self) -> bool:
        return bool(self.modules or self.definitions)

    def may_be_in(self, text: str) -> bool:
        """Whether `text` contains a word of an old name. Much cheaper than parsing
        it."""
        return self._words.search(text) is not None

    @cached_property
    def _words(self) -> re.Pattern[str]:
        last = {module.rpartition(".")[2] for module in self.modules}
        words = last | {name for _, name in self.definitions}
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b")

    def module(self, name: str) -> str:
        """The new name of the module `name`. A module that base does not have moves
        with its package."""
        for outer, rest in outer_modules(name):
            if outer in self.modules:
                return self.modules[outer] + rest
        return name

    def definition(self, module: str, name: str) -> Definition:
        """The new module and name of the definition that `from module import name`
        imports."""
        if found := self.definitions.get((module, name)):
            return found
        inner = self.modules.get(f"{module}.{name}")
        if inner is not None and "." in inner:
            parent, _, last = inner.rpartition(".")
            return parent, last
        return self.module(module), name


def outer_modules(name: str) -> Iterator[tuple[str, str]]:
    """A module and its parent packages, each with the rest of the name: `a.b.c` and an
    empty string, `a.b` and `.c`, `a` and `.b.c`."""
    end = len(name)
    while end > 0:
        yield name[:end], name[end:]
        end = name.rfind(".", 0, end)
