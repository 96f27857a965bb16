"""The projects of the matrix: few, and yet every pair of choices is in one of them.

A choice is a module, present or absent, or a value of one of its options. The rows are
data, in matrix.toml, so that a row is the same from one change to the next; `make rows`
writes them (covering.py), and test_rows.py judges them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastgen import __version__
from fastgen.catalog.module import CORE, Module, Option, value_text
from fastgen.catalog.sources import load_catalog
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec, first_spec

FILE = Path(__file__).with_name("matrix.toml")

EVERYTHING = 2
"""The first rows have all modules: with the first values of all options, and with the
last ones."""


@dataclass(frozen=True)
class Row:
    """A project of the matrix: its modules, each with the values of its options."""

    modules: Mapping[str, Mapping[str, str]]

    def __str__(self) -> str:
        """The row in the name of a test: `ci[github]-docker`."""
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
        """The arguments of `fastgen new`."""
        names = [name for name in self.modules if name != CORE]
        chosen = ["--with", ",".join(names)] if names else []
        return chosen + [word for text in self.settings for word in ("--set", text)]

    @property
    def spec(self) -> Spec:
        catalog = load_catalog()
        spec = first_spec("my-api", "", "3.11", __version__)
        side = with_modules(Side(spec, catalog), self.modules)
        return with_options(side, self.settings).spec

    @property
    def is_on_postgres(self) -> bool:
        return self.modules.get("database", {}).get("engine") == "postgres"


def _shown(option: str, value: str) -> str:
    return {"true": option, "false": f"no_{option}"}.get(value, value)


@cache
def rows() -> tuple[Row, ...]:
    """The rows of matrix.toml."""
    found = tomllib.loads(FILE.read_text())["rows"]
    return tuple(
        Row(
            {
                name: {option: value_text(value) for option, value in options.items()}
                for name, options in row.items()
            }
        )
        for row in found
    )


def values_of(option: Option) -> list[str]:
    """The values of `option` that are tested; if it takes any text, its default."""
    if option.is_flag:
        return ["false", "true"]
    return [*(option.choices or (value_text(option.default),))]


def choices(module: Module) -> dict[str, list[str]]:
    """The tested values of each option of `module`, by the option's name."""
    return {option.name: values_of(option) for option in module.options.values()}
