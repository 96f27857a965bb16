"""A folder with a module.toml -> Module."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from fastgen.catalog.facts import RECORDS, Facts
from fastgen.catalog.module import Condition, Module, Option, Variant
from fastgen.catalog.templates import SECTIONS, refuse_link
from fastgen.errors import NeedsPerson
from fastgen.tree import Policy

_NAME = re.compile(r"[a-z][a-z0-9_-]*(\+[a-z][a-z0-9_-]*)*")
_KEYS = {"summary", "requires", "conflicts", "options", "policies", "facts", "when"}


class BrokenModule(NeedsPerson):
    """The module in {path} is not valid: {reason}. Mend it, or remove its source."""


def load_module(folder: Path, source: str = "") -> Module:
    """Read the module in `folder`. Raises BrokenModule for anything that is not of
    the form that docs/modules.md describes, and LinkInTemplates."""
    path = folder / "module.toml"
    refuse_link(path)
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return _module(table, folder, source)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenModule(path=path, reason=str(error).rstrip(".")) from error


def _module(table: dict[str, Any], folder: Path, source: str) -> Module:
    if not _NAME.fullmatch(folder.name):
        raise ValueError(f"{folder.name!r} is no name for a module, such as my_module")
    if unknown := table.keys() - _KEYS:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    if not isinstance(table.get("summary"), str):
        raise TypeError("there is no 'summary'")
    options = {
        name: _option(name, values)
        for name, values in sorted(table.get("options", {}).items())
    }
    return Module(
        name=folder.name,
        folder=folder,
        summary=table["summary"],
        requires=_strings("requires", table.get("requires", [])),
        conflicts=_strings("conflicts", table.get("conflicts", [])),
        options=options,
        policies={p: Policy(v) for p, v in table.get("policies", {}).items()},
        variants=tuple(_variants(table, folder, options)),
        source=source,
    )


def _option(name: str, table: dict[str, Any]) -> Option:
    if name == "source":
        raise ValueError("an option cannot be called 'source'")
    kind = table.get("type", "string")
    values = {key: value for key, value in table.items() if key != "type"}
    values["choices"] = tuple(values.get("choices", ()))
    if kind == "bool":
        values.setdefault("default", False)
    elif kind != "string" or not (values["choices"] or values.get("pattern")):
        raise ValueError(f"option {name!r} has no choices, no pattern and no type bool")
    option: Option = _record(Option, {"name": name, **values})
    if not option.accepts(option.default):
        raise ValueError(f"option {name!r}: its default is none of its own values")
    return option


def _variants(
    table: Mapping[str, Any], folder: Path, options: Mapping[str, Option]
) -> Iterator[Variant]:
    yield Variant((), _facts(table.get("facts", {})), *_folders(folder))
    when = table.get("when", {})
    variants = folder / "variants"
    refuse_link(variants)
    named = {path.name for path in variants.iterdir()} if variants.is_dir() else set()
    for name in sorted(named | when.keys()):
        conditions = tuple(_condition(part) for part in name.split(","))
        if "+" not in folder.name:  # a bridge names the options of other modules
            for condition in conditions:
                _check_condition(condition, options)
        facts = _facts(when.get(name, {}))
        yield Variant(conditions, facts, *_folders(variants / name, files=""))


def _folders(folder: Path, files: str = "files") -> tuple[Path | None, Path | None]:
    found = (folder / files, folder / SECTIONS)
    for path in found:
        refuse_link(path)
    return tuple(path if path.is_dir() else None for path in found)  # type: ignore[return-value]


def _condition(text: str) -> Condition:
    option, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not of the form option=value")
    return Condition(option, value)


def _check_condition(condition: Condition, options: Mapping[str, Option]) -> None:
    if condition.option not in options:
        raise ValueError(f"there is no option {condition.option!r}")
    if options[condition.option].parsed(condition.value) is None:
        raise ValueError(f"{condition.option!r} is never {condition.value!r}")


def _facts(table: Mapping[str, Any]) -> Facts:
    known = {kind.name for kind in fields(Facts)}
    if unknown := table.keys() - known:
        raise ValueError(f"unknown kind of fact {sorted(unknown)[0]!r}")
    kinds: dict[str, Any] = {
        kind: tuple(_record(RECORDS[kind], row) for row in rows)
        if kind in RECORDS
        else _strings(kind, rows)
        for kind, rows in table.items()
    }
    return Facts(**kinds)


def _record(kind: type, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """An instance of the dataclass `kind`, each value of the type of its field."""
    values = {}
    for column in fields(kind):
        if column.name not in row:
            if column.default is MISSING and column.default_factory is MISSING:
                known = f" {row['name']!r}" if "name" in row else ""
                what = f"the {kind.__name__.lower()}{known}"
                raise ValueError(f"{what} has no {column.name!r}")
            continue
        value = row[column.name]
        values[column.name] = tuple(value) if isinstance(value, list) else value
        if column.type in (str, int, bool) and not isinstance(value, column.type):
            raise ValueError(f"{column.name!r} is not of the right type: {value!r}")
    if unknown := row.keys() - values.keys():
        name = sorted(unknown)[0]
        raise ValueError(f"the key {name!r} is not one of a {kind.__name__.lower()}")
    return kind(**values)


def _strings(name: str, values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{name!r} is not a list of strings")
    return tuple(values)
