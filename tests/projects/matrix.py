"""Which projects are made: few, and yet every pair of choices is in one of them.

A choice is a module, present or absent, or a value of one of its options. covertable
computes the rows from what the modules say they require and exclude; so a module that
is new is in the matrix at once. (allpairspy, asked for the same, leaves out 38 of 263
pairs, since it takes constraints as a filter of finished rows.)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import covertable

from fastgen import __version__
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import CORE, Module, value_text
from fastgen.catalog.sources import load_catalog
from fastgen.spec.edits import with_modules, with_option
from fastgen.spec.spec import Spec, first_spec

Factor = str
"""`module:option`, since covertable looks into what a dot joins; `module:` where there
is no option."""

ABSENT = ""
PRESENT = "present"


@dataclass(frozen=True)
class Row:
    """A project of the matrix: its modules, each with the values of its options."""

    modules: Mapping[str, Mapping[str, str]]

    def __str__(self) -> str:
        """As it stands in the name of a test: `ci[github]-docker`."""
        words = []
        for name, options in self.modules.items():
            values = ",".join(_shown(*option) for option in options.items())
            words.append(f"{name}[{values}]" if options else name)
        return "-".join(words) or CORE

    @property
    def settings(self) -> tuple[str, ...]:
        return tuple(
            f"{name}.{option}={value}"
            for name, options in self.modules.items()
            for option, value in options.items()
        )

    @property
    def arguments(self) -> list[str]:
        """What `fastgen new` is given."""
        names = [name for name in self.modules if name != CORE]
        chosen = ["--with", ",".join(names)] if names else []
        return chosen + [word for text in self.settings for word in ("--set", text)]

    @property
    def spec(self) -> Spec:
        catalog = load_catalog()
        spec = first_spec("my-api", "", "3.11", __version__)
        spec = with_modules(spec, catalog, self.modules)
        for text in self.settings:
            spec = with_option(spec, catalog, text)
        return spec


def _shown(option: str, value: str) -> str:
    return {"true": option, "false": f"no_{option}"}.get(value, value)


@cache
def rows() -> tuple[Row, ...]:
    """The covering array, those with most modules first."""
    catalog = load_catalog()
    found = covertable.make(
        factors(catalog),
        constraints=constraints(catalog),
        presets=[
            _everything(catalog, 0),
            _everything(catalog, 1),
            _everything(catalog, -1),
        ],
    )
    made = {str(row): row for row in map(_row, found)}.values()
    return tuple(sorted(made, key=lambda row: (-len(row.modules), str(row))))


def factors(catalog: Catalog) -> dict[Factor, list[str]]:
    return {
        f"{name}:{option}": values if name == CORE else [ABSENT, *values]
        for name in catalog.names
        for option, values in choices(catalog[name]).items()
    }


def choices(module: Module) -> dict[str, list[str]]:
    """The values of each option; of one that takes any text, its default."""
    if not module.options:
        return {} if module.name == CORE else {"": [PRESENT]}
    return {
        option.name: ["false", "true"]
        if option.is_flag
        else [*(option.choices or (value_text(option.default),))]
        for option in module.options.values()
    }


def constraints(catalog: Catalog) -> list[dict[str, Any]]:
    """A module is there with all of its options, and with what it requires."""
    found = []
    of_module: dict[str, list[Factor]] = {}
    for factor in factors(catalog):
        of_module.setdefault(factor.partition(":")[0], []).append(factor)
    for name, (first, *others) in of_module.items():
        required = (of_module[n][0] for n in catalog[name].requires if n != CORE)
        found += [_implies(first, factor) for factor in (*others, *required)]
        found += [_implies(factor, first) for factor in others]
        found += [_excludes(first, of_module[n][0]) for n in catalog[name].conflicts]
    return found


def _implies(factor: Factor, other: Factor) -> dict[str, Any]:
    return _either(_is("eq", factor), _is("ne", other))


def _excludes(factor: Factor, other: Factor) -> dict[str, Any]:
    return _either(_is("eq", factor), _is("eq", other))


def _is(operator: str, factor: Factor) -> dict[str, Any]:
    """Whether the factor's module is absent ("eq") or present ("ne")."""
    return {"operator": operator, "left": factor, "value": ABSENT}


def _either(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"operator": "or", "conditions": [*conditions]}


def _everything(catalog: Catalog, value: int) -> dict[Factor, str]:
    """No module (0), or all, each option with its first value (1) or its last (-1)."""
    return {
        factor: values[value if value < 1 or values[0] == ABSENT else 0]
        for factor, values in factors(catalog).items()
    }


def _row(chosen: Mapping[Factor, str]) -> Row:
    modules: dict[str, dict[str, str]] = {}
    for factor, value in sorted(chosen.items()):
        name, _, option = factor.partition(":")
        if value != ABSENT:
            modules.setdefault(name, {})
            if option:
                modules[name][option] = value
    return Row(modules)
