"""Whether a field can be changed or added with existing rows."""

import shlex
from math import inf

from fastgen.resources.grammar import bad_field
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import bounds
from fastgen.resources.tables import stored_type
from fastgen.resources.types import EMAIL, ENUM, TYPES, URL

_TEXTS = ("str", "text", "email", "url", "enum")

_WIDER = {
    "int": ("bigint", "float", "decimal"),
    "bigint": ("decimal",),
    "decimal": ("decimal",),
}


def check_change(
    resource: ResourceSpec, known: Field | None, field: Field, *, filled: bool = False
) -> None:
    """Raise BadField if existing rows cannot get `field`.

    `known` is the existing field of that name, or None. `filled` tells whether the rows
    get a value.
    """
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
    if needs_value(known, field) and not filled:
        raise bad_field(field, _without_value(resource, known, field))


def needs_value(known: Field | None, field: Field) -> bool:
    """Whether existing rows need a value for `field`, because neither its default nor
    an empty list or object is one. `known` is the existing field, or None."""
    if field.optional or (known is not None and not known.optional):
        return False
    if field.unique:
        return True
    has_empty = field.kind == "json" or (field.kind == "list" and not field.min)
    return field.default is None and not has_empty


def _without_value(resource: ResourceSpec, known: Field | None, field: Field) -> str:
    """The problem of a field without a value for existing rows, and the solutions."""
    if field.unique or TYPES[field.kind].read is None:
        way = "make it optional" if known is None else "it stays optional"
        return f"existing rows have no value for it; {way}"
    text = shlex.quote(field.text)
    command = f"fastgen generate field {resource.name} {text} --fill VALUE"
    return (
        f"existing rows have no value for it; give these rows one with `{command}`,"
        " give the field a default with default=VALUE, or make it optional"
    )


def _form(field: Field, other: Field) -> str:
    """The type of `field`, with the arguments and flags that differ from `other`."""
    if field.kind in ("many", "enum", "decimal") or field.kind == other.kind == "ref":
        return ":".join((field.kind, *field.arguments))
    if field.kind == other.kind == "str":
        return f"str:max={bounds(field)[1]}"
    return field.kind


def _longest(field: Field) -> float:
    """The maximum length of a text in the field's column."""
    lengths = {"text": inf, "enum": ENUM, "email": EMAIL, "url": URL}
    return lengths.get(field.kind) or bounds(field)[1]


def _can_become(known: Field, field: Field) -> bool:
    """Whether every value of the old type is also valid for the new type."""
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
