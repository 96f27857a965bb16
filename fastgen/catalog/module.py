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
    """The modules that the bridge `name` connects; empty for an ordinary module."""
    return tuple(name.split("+")) if "+" in name else ()


def value_text(value: OptionValue) -> str:
    """The value as text of the command line."""
    return str(value).lower() if isinstance(value, bool) else value


@dataclass(frozen=True)
class Option:
    """An option of a module, which each project sets."""

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
        """The valid values, for messages: `github or gitlab`."""
        if self.is_flag:
            return "true or false"
        return (
            " or ".join(self.choices) if self.choices else f"text like {self.pattern}"
        )

    def parsed(self, text: str) -> OptionValue | None:
        """The value for `text` of the command line; None if it is invalid."""
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
    """A condition on one value of one option: `engine=postgres`."""

    option: str
    value: str

    def holds(self, options: Options) -> bool:
        return str(options[self.option]).lower() == self.value.lower()


@dataclass(frozen=True)
class Variant:
    """The contributions of a module that apply if all `conditions` hold."""

    conditions: tuple[Condition, ...]
    contributions: Mapping[str, Any]
    files: Path | None = None
    sections: Path | None = None
    resource: Path | None = None
    """Templates that are rendered for each resource."""
    of_resource: Mapping[str, Any] = field(default_factory=dict)
    """The contributions of each resource."""
    of_flagged: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The contributions of each resource with a flag, by flag."""

    @cached_property
    def facts(self) -> "Facts":
        """The parsed contributions. Parsed on first use, because a list of modules does
        not need them."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.contributions)

    @cached_property
    def resource_facts(self) -> "Facts":
        """The contributions of each resource, with placeholders for its names."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.of_resource)

    @cached_property
    def flagged_facts(self) -> "Mapping[str, Facts]":
        """The contributions of each resource with a flag, by flag."""
        from fastgen.catalog.facts import facts_of

        return {flag: facts_of(table) for flag, table in self.of_flagged.items()}

    @property
    def every_facts(self) -> "tuple[Facts, ...]":
        """All facts that the variant can contribute."""
        return (self.facts, self.resource_facts, *self.flagged_facts.values())

    def facts_of_resource(self, flags: Collection[str]) -> "Iterator[Facts]":
        """The contributions of a resource with `flags`."""
        if self.of_resource:
            yield self.resource_facts
        yield from (f for flag, f in self.flagged_facts.items() if flag in flags)

    def holds(self, options: Options) -> bool:
        return all(condition.holds(options) for condition in self.conditions)


@dataclass(frozen=True)
class Generator:
    """A command `fastgen generate KIND NAME`. It writes files, which belong to the
    user, and lines in shared files."""

    kind: str
    summary: str
    options: Mapping[str, Option] = field(default_factory=dict)
    contributions: Mapping[str, Any] = field(default_factory=dict)
    files: Path | None = None
    """The folder of templates, each with `thing` or `things` in its path. None for
    resources, whose templates are spread over modules."""

    @cached_property
    def facts(self) -> "Facts":
        """The contributions of each item, with placeholders for its names."""
        from fastgen.catalog.facts import facts_of

        return facts_of(self.contributions)


@dataclass(frozen=True)
class Synonym:
    """Other words for a module, and the options that these words imply, each as
    `OPTION=VALUE`."""

    words: tuple[str, ...]
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Module:
    """A folder of templates. A name with `+` is a bridge between modules.

    `variants` starts with the unconditional variant. A file of a later variant replaces
    an earlier file with the same path.
    """

    name: str
    """The name of its folder."""
    folder: Path
    """The folder with its module.toml."""
    summary: str
    """The summary that `fastgen list` shows."""
    requires: tuple[str, ...] = ()
    """The names of required modules."""
    conflicts: tuple[str, ...] = ()
    """The names of modules that cannot be in the same project."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """Its options, by name."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """How fastgen may change a file later, by glob; the first match wins."""
    variants: tuple[Variant, ...] = ()
    """Contributions: unconditional, then for each condition."""
    source: str = ""
    """`git+URL@COMMIT#FOLDER` or `package:NAME`; empty for a built-in module."""
    synonyms: tuple[Synonym, ...] = ()
    """Other words for the module."""
    next: tuple[str, ...] = ()
    """Next steps for the user after the module is added, one line each."""
    generators: Mapping[str, Generator] = field(default_factory=dict)
    """Its generators, by kind."""

    @property
    def bridges(self) -> tuple[str, ...]:
        return ends_of(self.name)

    def chosen(self, options: Options) -> tuple[Variant, ...]:
        return tuple(variant for variant in self.variants if variant.holds(options))
