"""Tables of a module.toml -> dataclasses."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from fastgen.encoding import toml_value

_KINDS: Mapping[object, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    tuple[str, ...]: "a list of texts",
    Mapping[str, str]: "a table of texts",
}
"""The name of each field type in messages, by annotation."""


def record(kind: type, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """An instance of the dataclass `kind` with the values of `row`.

    Raises ValueError for a missing, unknown or mistyped key.
    """
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
        if not _is_of(value, column.type):
            wanted, given = _told(column.type), toml_value(value)
            raise ValueError(f"{column.name!r} has to be {wanted}, not {given}")
    if unknown := row.keys() - values.keys():
        name = sorted(unknown)[0]
        raise ValueError(f"the key {name!r} is not one of a {kind.__name__.lower()}")
    return kind(**values)


def _is_of(value: object, kind: object) -> bool:
    """Whether the TOML value has the type of the annotation `kind`."""
    if kind == tuple[str, ...]:
        return isinstance(value, list | tuple) and all(
            isinstance(each, str) for each in value
        )
    if kind == Mapping[str, str]:
        return isinstance(value, dict) and all(
            isinstance(each, str) for each in value.values()
        )
    if kind in (str, int, bool):
        return type(value) is kind
    return True


def _told(kind: object) -> str:
    return next((text for known, text in _KINDS.items() if known == kind), "a value")


def strings(name: str, values: object) -> tuple[str, ...]:
    """`values` as a tuple. Raises ValueError, naming the key `name`, unless all are
    strings."""
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        given = toml_value(values)
        raise ValueError(f"{name!r} has to be a list of texts, not {given}")
    return tuple(values)


def one_table(name: str, value: object) -> dict[str, Any]:
    """`value`. Raises TypeError, naming the key `name`, unless it is a table."""
    if not isinstance(value, dict):
        raise TypeError(f"{name!r} has to be a table, not {toml_value(value)}")
    return value


def named_tables(name: str, value: object) -> dict[str, dict[str, Any]]:
    """`value`. Raises TypeError, naming the key `name`, unless it is a table of
    tables."""
    table = one_table(name, value)
    return {key: one_table(f"{name}.{key}", row) for key, row in table.items()}


def listed_tables(name: str, value: object) -> list[dict[str, Any]]:
    """`value`. Raises ValueError, naming the key `name`, unless it is a list of
    tables."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        given = toml_value(value)
        raise ValueError(f"{name!r} has to be tables [[{name}]], not {given}")
    return value
