"""Whether a field can become another one, with the rows that are there."""

import re
from dataclasses import replace
from math import inf

from fastgen.resources.grammar import bad_field
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import bounds
from fastgen.resources.tables import stored_tables, stored_type
from fastgen.resources.types import EMAIL, ENUM, URL

_TEXTS = ("str", "text", "email", "url", "enum")

_WIDER = {
    "int": ("bigint", "float", "decimal"),
    "bigint": ("decimal",),
    "decimal": ("decimal",),
}


def check_change(resource: ResourceSpec, known: Field | None, field: Field) -> None:
    """Raise BadField where rows that are there could not get `field`; `known` is the
    one of its name, or None."""
    if known == field or (known is None and field.kind == "many"):
        return
    if known and (known.column != field.column or not _can_become(known, field)):
        forms = f"{_form(known, field)} cannot become {_form(field, known)}"
        if {known.kind, field.kind} <= {*_TEXTS} and field.kind != "enum":
            problem = (
                f"{forms}, since rows that are there may be longer; keep the length of"
                " the column, and let the schemas refuse longer texts"
            )
        else:
            problem = (
                f"{forms} with the rows that are there; remove the field first, with"
                f" `fastgen remove field {resource.name} {field.name}`"
            )
        raise bad_field(field, problem, field.kind)
    table = stored_tables([replace(resource, fields=(field,))], {})[resource.plural]
    column = table.columns[field.column]
    empty = column.fill is None and not field.optional
    if _breaks_rule(field) and (known is None or known.optional):
        key, value = _rule(field)
        problem = (
            f"rows that are there would get an empty text, which {key}={value} refuses;"
            " give it a default, as in default=VALUE, or make it optional"
        )
        raise bad_field(field, problem, f"{key}={value}")
    if known is None:
        if (field.unique or column.fill is None) and not field.optional:
            problem = "rows that are there have no value for it; make it optional"
            raise bad_field(field, problem)
        return
    if known.optional and (empty or (field.unique and not field.optional)):
        problem = "rows that are there may have no value for it; it stays optional"
        raise bad_field(field, problem)


def _breaks_rule(field: Field) -> bool:
    """Whether requests refuse the empty value that existing rows get."""
    if field.optional or field.unique or field.default is not None:
        return False
    if field.kind not in ("str", "text", "list"):
        return False
    return any(_rule(field))


def _rule(field: Field) -> tuple[str, str]:
    """The rule of the field that an empty value breaks; empty where it breaks none."""
    if field.min is not None and int(field.min) > 0:
        return "min", field.min
    if field.pattern is not None and not re.search(field.pattern, ""):
        return "pattern", field.pattern
    return "", ""


def _form(field: Field, other: Field) -> str:
    """The type of `field`, with the arguments and flags that `other` does not have."""
    if field.kind in ("many", "enum", "decimal") or field.kind == other.kind == "ref":
        return ":".join((field.kind, *field.arguments))
    if field.kind == other.kind == "str":
        return f"str:max={bounds(field)[1]}"
    return field.kind


def _longest(field: Field) -> float:
    """The length of the longest text that its column holds."""
    lengths = {"text": inf, "enum": ENUM, "email": EMAIL, "url": URL}
    return lengths.get(field.kind) or bounds(field)[1]


def _can_become(known: Field, field: Field) -> bool:
    """Whether every value of the old type is one of the new type too."""
    if field.kind == "enum":
        return known.kind == "enum"
    if known.kind == "many":
        return False
    if known.kind in _TEXTS and field.kind in _TEXTS:
        return _longest(known) <= _longest(field)
    if stored_type(known) == stored_type(field):
        return known.kind == field.kind
    if field.kind not in _WIDER.get(known.kind, ()):
        return False
    if field.kind != "decimal":
        return True
    digits, places = map(int, field.arguments)
    if known.kind == "decimal":
        before = tuple(map(int, known.arguments))
        return digits - places >= before[0] - before[1] and places >= before[1]
    return digits - places >= {"int": 10, "bigint": 19}[known.kind]
