"""A module: data in a folder, never code."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastgen.tree import Policy

if TYPE_CHECKING:
    from fastgen.catalog.facts import Facts

OptionValue = str | bool
Options = Mapping[str, OptionValue]

CORE = "core"


def ends_of(name: str) -> tuple[str, ...]:
    """The modules that the one called `name` is a bridge between; empty for an ordinary
    one."""
    return tuple(name.split("+")) if "+" in name else ()


def value_text(value: OptionValue) -> str:
    """The value as it is written on a command line."""
    return str(value).lower() if isinstance(value, bool) else value


@dataclass(frozen=True)
class Option:
    """A choice that a module leaves to the project."""

    name: str
    summary: str
    default: OptionValue
    choices: tuple[str, ...] = ()
    pattern: str = ""

    @property
    def is_flag(self) -> bool:
        return isinstance(self.default, bool)

    @property
    def valid(self) -> str:
        """What may be given, for people: `github or gitlab`."""
        if self.is_flag:
            return "true or false"
        return (
            " or ".join(self.choices) if self.choices else f"text like {self.pattern}"
        )

    def parsed(self, text: str) -> OptionValue | None:
        """The value that `text` on a command line stands for; None if it is not one."""
        value: OptionValue = text
        if self.is_flag:
            flags = {"true": True, "false": False}
            if text.lower() not in flags:
                return None
            value = flags[text.lower()]
        return value if self.accepts(value) else None

    def accepts(self, value: object) -> bool:
        if self.is_flag or not isinstance(value, str):
            return self.is_flag and isinstance(value, bool)
        if self.choices:
            return value in self.choices
        return re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True)
class Condition:
    """`engine=postgres`: holds for one value of one option."""

    option: str
    value: str

    def holds(self, options: Options) -> bool:
        return str(options[self.option]).lower() == self.value.lower()


@dataclass(frozen=True)
class Variant:
    """What a module adds only while all `conditions` hold."""

    conditions: tuple[Condition, ...]
    contributions: Mapping[str, Any]
    files: Path | None = None
    sections: Path | None = None
    resource: Path | None = None
    """Templates that are rendered for each resource."""
    of_resource: Mapping[str, Any] = field(default_factory=dict)
    """What each resource contributes."""
    of_flagged: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each resource with a flag contributes, by the flag."""

    @cached_property
    def facts(self) -> "Facts":
        """The contributions as values; read when a project is rendered, since a list of
        modules does without."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.contributions)

    @cached_property
    def resource_facts(self) -> "Facts":
        """What each resource contributes, by the names that stand for its own."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.of_resource)

    @cached_property
    def flagged_facts(self) -> "Mapping[str, Facts]":
        """What each resource with a flag contributes, by the flag."""
        from fastgen.catalog.facts import facts_of

        return {flag: facts_of(table) for flag, table in self.of_flagged.items()}

    @property
    def every_facts(self) -> "tuple[Facts, ...]":
        """All that it can contribute."""
        return (self.facts, self.resource_facts, *self.flagged_facts.values())

    def facts_of_resource(self, flags: Collection[str]) -> "Iterator[Facts]":
        """What a resource with these flags contributes."""
        if self.of_resource:
            yield self.resource_facts
        yield from (f for flag, f in self.flagged_facts.items() if flag in flags)

    def holds(self, options: Options) -> bool:
        return all(condition.holds(options) for condition in self.conditions)


@dataclass(frozen=True)
class Generator:
    """What `fastgen generate KIND NAME` makes: files, which belong to the user, and
    lines in shared files."""

    kind: str
    summary: str
    options: Mapping[str, Option] = field(default_factory=dict)
    contributions: Mapping[str, Any] = field(default_factory=dict)
    files: Path | None = None
    """Templates with `thing` or `things` in their paths. None for resources, whose
    templates are spread over modules."""

    @cached_property
    def facts(self) -> "Facts":
        """What each contributes, by the names that stand for its own."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.contributions)


@dataclass(frozen=True)
class Synonym:
    """Words that people type for a module, and the options that they mean by these,
    each as `OPTION=VALUE`."""

    words: tuple[str, ...]
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Module:
    """A folder of templates; one whose name has a `+` is a bridge between modules.

    `variants` begins with the unconditional one. A file of a later variant takes the
    place of an earlier one with the same path.
    """

    name: str
    """The name of its folder."""
    folder: Path
    """The folder with its module.toml."""
    summary: str
    """What it adds, for `fastgen list`."""
    requires: tuple[str, ...] = ()
    """The names of the modules that it requires."""
    conflicts: tuple[str, ...] = ()
    """The names of the modules that it excludes."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """Its options, by name."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """What may happen to a file later, by glob; the first match decides."""
    variants: tuple[Variant, ...] = ()
    """What it adds: always, then under each condition."""
    source: str = ""
    """`git+URL@COMMIT#FOLDER` or `package:NAME`; empty for a built-in module."""
    synonyms: tuple[Synonym, ...] = ()
    """Other words for it."""
    next: tuple[str, ...] = ()
    """What is left for the user to do once it is there, a line each."""
    generators: Mapping[str, Generator] = field(default_factory=dict)
    """What it generates, by kind."""

    @property
    def bridges(self) -> tuple[str, ...]:
        return ends_of(self.name)

    def chosen(self, options: Options) -> tuple[Variant, ...]:
        return tuple(variant for variant in self.variants if variant.holds(options))
