"""The available modules and the rules for combining them."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.catalog.generators import FIELD_KIND
from fastgen.catalog.module import CORE, Generator, Module, ends_of
from fastgen.errors import WrongUsage
from fastgen.phrases import hint, in_words, suggestion


class UnknownModule(WrongUsage):
    """Unknown module {name!r}{hint}. `fastgen list` shows all modules."""


class AnotherWord(UnknownModule):
    """Unknown module {name!r}. Use `fastgen add {answer}`, or `fastgen new NAME --with
    {answer}`."""


class UnknownKind(WrongUsage):
    """Unknown kind {kind!r}{hint}. `fastgen generate --help` lists all kinds."""


class ModulesConflict(WrongUsage):
    """{name} cannot be in a project with {other}: take that out first, with
    `fastgen remove {other}`."""


class StillRequired(WrongUsage):
    """{name} cannot be removed, because it is needed by {others}. To remove all of
    them: `fastgen remove {command}`."""


class CoreStays(WrongUsage):
    """core is the application itself and cannot be removed; `fastgen status` shows what
    can."""


def generators_of(modules: Iterable[Module]) -> dict[str, Generator]:
    """The generators of `modules`, by kind."""
    return {k: g for module in modules for k, g in module.generators.items()}


@dataclass(frozen=True)
class Catalog:
    """All modules by name, including bridges."""

    modules: Mapping[str, Module]

    def __getitem__(self, name: str) -> Module:
        if name in self.modules and not ends_of(name):
            return self.modules[name]

        if answer := self._answer(name.lower().replace("_", "-")):
            raise AnotherWord(name=name, answer=answer)
        near = suggestion(name.lower(), self.names, cutoff=0.6)
        raise UnknownModule(name=name, hint=near)

    def _answer(self, word: str) -> str:
        """The arguments of the command for the synonym `word`; empty if no module has
        that synonym."""
        for name in self.names:
            for synonym in self.modules[name].synonyms:
                if word in synonym.words:
                    settings = [f"{name}.{each}" for each in synonym.settings]
                    flags = [word for each in settings for word in ("--set", each)]
                    return shlex.join([name, *flags])
        return ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.modules if not ends_of(name)))

    @cached_property
    def generating(self) -> Mapping[str, Module]:
        """The module that declares each kind of generator, by kind."""
        names = sorted(name for name in self.modules if not ends_of(name))
        return {k: self[name] for name in names for k in self[name].generators}

    def generator(self, kind: str) -> Generator:
        """The generator of `kind`. Raises UnknownKind."""
        if kind not in self.generating:
            near = hint(kind.lower(), [*self.generating, FIELD_KIND])
            raise UnknownKind(kind=kind, hint=near)
        return self.generating[kind].generators[kind]

    def is_kind_alone(self, name: str) -> bool:
        """Whether `name` is a kind of generator and not also a module."""
        return name not in self.modules and name in self.generating

    def active(self, chosen: Iterable[str]) -> tuple[Module, ...]:
        """The modules named in `chosen` and the bridges between them, sorted by
        name."""
        names = set(chosen)
        found = [self[name] for name in names]
        found += [
            self.modules[name]
            for name in self.modules
            if (ends := ends_of(name)) and names.issuperset(ends)
        ]
        return tuple(sorted(found, key=lambda module: module.name))

    def with_required(self, names: Iterable[str]) -> tuple[str, ...]:
        """`names`, core and all required modules, sorted. Raises ModulesConflict."""
        found: set[str] = set()
        waiting = [CORE, *names]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self[name].requires
        for name in sorted(found):
            for other in self[name].conflicts:
                if other in found:
                    raise ModulesConflict(name=name, other=other)
        return tuple(sorted(found))

    def check_removal(self, chosen: Iterable[str], removed: Iterable[str]) -> None:
        """Check that no remaining module requires a removed one. Raises CoreStays and
        StillRequired."""
        gone = set(removed)
        if CORE in gone:
            raise CoreStays
        left = set(chosen) - gone
        for name in sorted(gone):
            if users := sorted(m for m in left if name in self[m].requires):
                raise StillRequired(
                    name=name,
                    others=in_words(users),
                    command=" ".join([name, *users]),
                )
