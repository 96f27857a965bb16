"""Options in a module.toml -> Option."""

import re
from typing import Any

from fastgen.catalog.module import Option
from fastgen.catalog.records import record, strings
from fastgen.encoding import toml_value


def option_of(name: str, table: dict[str, Any]) -> Option:
    """The option `name`. Raises ValueError for an invalid table."""
    if name == "source":
        raise ValueError("an option cannot be called 'source'")
    kind = table.get("type", "string")
    values = {key: value for key, value in table.items() if key != "type"}
    values["choices"] = strings("choices", values.get("choices", []))
    if not isinstance(values.get("summary", ""), str):
        raise _wrong(name, "summary", "text", values["summary"])
    if kind == "bool":
        values.setdefault("default", False)
    elif kind != "string":
        raise _wrong(name, "type", '"string" or "bool"', kind)
    elif not (values["choices"] or values.get("pattern")):
        raise ValueError(f"option {name!r} has no choices, no pattern and no type bool")
    try:
        re.compile(values.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"option {name!r}: its pattern is wrong: {error}") from None
    if not "".join((values.get("summary", ""), *values["choices"])).isprintable():
        raise ValueError(f"option {name!r}: a text of it is not of one line")
    option: Option = record(Option, {"name": name, **values})
    if kind == "bool" and not isinstance(option.default, bool):
        raise _wrong(name, "default", "true or false", option.default)
    is_text = kind == "bool" or isinstance(option.default, str)
    if not (is_text and option.accepts(option.default)):
        raise _wrong(name, "default", _valid(option), option.default)
    return option


def _valid(option: Option) -> str:
    return " or ".join(option.choices) or f"text like {option.pattern}"


def _wrong(name: str, key: str, valid: str, value: object) -> ValueError:
    given = toml_value(value)
    return ValueError(f"option {name!r}: its {key} has to be {valid}, not {given}")
