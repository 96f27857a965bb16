"""Tables of a module.toml -> dataclasses."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any


def record(kind: type, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """An instance of the dataclass `kind`, each value of the type of its field.

    Raises ValueError, naming the key, for one that is missing, unknown or wrong."""
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
            raise ValueError(f"{column.name!r} is not of the right type: {value!r}")
    if unknown := row.keys() - values.keys():
        name = sorted(unknown)[0]
        raise ValueError(f"the key {name!r} is not one of a {kind.__name__.lower()}")
    return kind(**values)


def _is_of(value: object, kind: object) -> bool:
    """Whether a value of TOML can be that of a field with the annotation `kind`."""
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


def strings(name: str, values: object) -> tuple[str, ...]:
    """`values` as a tuple. Raises ValueError, with `name`, unless all are strings."""
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{name!r} is not a list of strings")
    return tuple(values)
