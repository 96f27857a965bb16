"""The annotation and the default of a field in Python."""

from collections.abc import Sequence
from decimal import Decimal

from fastgen.resources.literals import default_value, iso_text
from fastgen.resources.resource import Field
from fastgen.resources.types import TYPES

_TIMES = ("date", "datetime", "time")


def hides_time(fields: Sequence[Field], others: Sequence[str] = ()) -> bool:
    """Whether a field, or a name in `others`, shadows a type of datetime. References
    have two names."""
    names = (name for field in fields for name in (field.name, field.column))
    return any(name in _TIMES for name in (*others, *names))


def python_type(field: Field, *, hidden: bool) -> str:
    """The annotation of `field`. With `hidden`, types of datetime get a prefix."""
    kind = TYPES[field.kind]
    if field.kind == "list":
        return f"list[{field.arguments[0]}]"
    return f"dt.{kind.python}" if hidden and field.kind in _TIMES else kind.python


def default_of(field: Field, *, hidden: bool) -> str | None:
    """The default as an expression; None without a default."""
    if field.default is None:
        return None
    value = default_value(field)
    match field.kind:
        case "decimal":
            step = Decimal(1).scaleb(-int(field.arguments[1]))
            fixed = f"{value.quantize(step):f}"
            return f"Decimal({fixed!r})" if "." in fixed else f"Decimal({int(fixed)})"
        case "uuid":
            return f"UUID({str(value)!r})"
        case "date" | "datetime" | "time":
            text = iso_text(field.default, value)
            return f"{python_type(field, hidden=hidden)}.fromisoformat({text!r})"
    return repr(value)
