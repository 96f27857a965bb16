"""Tables of a module.toml that declare options."""

import re
from typing import Any

from fastgen.catalog.module import Option
from fastgen.catalog.records import record, strings
from fastgen.encoding import toml_value


def option_of(name: str, table: dict[str, Any]) -> Option:
    """The option `name`. Raises ValueError for a table that is not of the form."""
    if name == "source":
        raise ValueError("an option cannot be called 'source'")
    if not isinstance(table.get("summary", ""), str):
        given = toml_value(table["summary"])
        raise TypeError(f"option {name!r}: its summary has to be text, not {given}")
    kind = table.get("type", "string")
    values = {key: value for key, value in table.items() if key != "type"}
    values["choices"] = strings("choices", values.get("choices", []))
    if kind not in ("string", "bool"):
        given = toml_value(kind)
        message = f'its type has to be "string" or "bool", not {given}'
        raise ValueError(f"option {name!r}: {message}")
    if kind == "bool":
        values.setdefault("default", False)
        if not isinstance(values["default"], bool):
            given = toml_value(values["default"])
            message = f"its default has to be true or false, not {given}"
            raise TypeError(f"option {name!r}: {message}")
    elif not (values["choices"] or values.get("pattern")):
        raise ValueError(f"option {name!r} has no choices, no pattern and no type bool")
    try:
        re.compile(values.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"option {name!r}: its pattern is wrong: {error}") from None
    if not "".join((values.get("summary", ""), *values["choices"])).isprintable():
        raise ValueError(f"option {name!r}: a text of it is not of one line")
    option: Option = record(Option, {"name": name, **values})
    if not option.accepts(option.default):
        given = toml_value(option.default)
        message = f"its default has to be {option.valid}, not {given}"
        raise ValueError(f"option {name!r}: {message}")
    return option
