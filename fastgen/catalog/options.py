"""Tables of a module.toml that declare options."""

import re
from typing import Any

from fastgen.catalog.module import Option
from fastgen.catalog.records import record


def option_of(name: str, table: dict[str, Any]) -> Option:
    """The option `name`. Raises ValueError for a table that is not of the form."""
    if name == "source":
        raise ValueError("an option cannot be called 'source'")
    kind = table.get("type", "string")
    values = {key: value for key, value in table.items() if key != "type"}
    values["choices"] = tuple(values.get("choices", ()))
    if kind == "bool":
        values.setdefault("default", False)
    elif kind != "string" or not (values["choices"] or values.get("pattern")):
        raise ValueError(f"option {name!r} has no choices, no pattern and no type bool")
    try:
        re.compile(values.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"option {name!r}: its pattern is wrong: {error}") from None
    if not "".join((values.get("summary", ""), *values["choices"])).isprintable():
        raise ValueError(f"option {name!r}: a text of it is not of one line")
    option: Option = record(Option, {"name": name, **values})
    if not option.accepts(option.default):
        raise ValueError(f"option {name!r}: its default is not one of its values")
    return option
