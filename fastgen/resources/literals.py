"""Values in the texts of a field, and the canonical text of a value."""

import re
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from fastgen.resources.resource import Field
from fastgen.resources.types import TYPES, Limits

_EXTENDED = re.compile(
    r"(\d{4}-\d\d-\d\d)?[T ]?(\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
"""The common forms of ISO 8601. Python reads more forms, databases fewer."""


def default_value(field: Field) -> Any:  # noqa: ANN401
    """The value of the default; None without a default."""
    read = TYPES[field.kind].read
    return None if field.default is None or read is None else read(field.default)


def limit_value(field: Field, text: str) -> Any:  # noqa: ANN401
    """The length or number in `text`, the `min` or `max` of `field`. Raises
    ValueError."""
    kind = TYPES[field.kind]
    read = int if kind.limits is Limits.LENGTH else kind.read
    assert read is not None
    return read(text)


def canonical(field: Field) -> Field:
    """`field` with its values in the canonical form of `text_of`."""
    limits = {
        key: text_of(limit_value(field, text))
        for key, text in (("min", field.min), ("max", field.max))
        if text is not None
    }
    if field.default is not None:
        limits["default"] = text_of(default_value(field))
    return replace(field, **limits)  # type: ignore[arg-type]


def text_of(value: Any) -> str:  # noqa: ANN401
    """The canonical text of a value: equal values have equal texts."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return repr(value).removesuffix(".0")
        case Decimal():
            return f"{value.normalize() + 0:f}"
        case datetime():
            return _without_zeros(value.isoformat()).replace("+00:00", "Z")
        case time() if not (value.second or value.microsecond):
            return value.isoformat("minutes")
        case time():
            return _without_zeros(value.isoformat())
    return str(value)


def iso_text(text: str, value: date | time) -> str:
    """`text`, the text of `value`, in a common form of ISO 8601."""
    return text if _EXTENDED.fullmatch(text) else value.isoformat()


def _without_zeros(text: str) -> str:
    """`text` without trailing zeros in the fraction of a second."""
    return re.sub(r"\.(\d+?)0*(?!\d)", r".\1", text)
