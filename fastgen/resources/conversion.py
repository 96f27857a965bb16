"""Whether a field can become another one, with the rows that are there."""

from dataclasses import replace

from fastgen.resources.grammar import bad_field
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.tables import stored_tables, stored_type

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
        problem = (
            f"{_form(known)} cannot become {_form(field)} with the rows that are there;"
            f" remove the field first, with `fastgen remove field {resource.name}"
            f" {field.name}`"
        )
        raise bad_field(field, problem, field.kind)
    table = stored_tables([replace(resource, fields=(field,))], {})[resource.plural]
    column = table.columns[field.column]
    empty = column.fill is None and not field.optional
    if known is None:
        if (field.unique or column.fill is None) and not field.optional:
            problem = "rows that are there have no value for it; make it optional"
            raise bad_field(field, problem)
        return
    if known.optional and (empty or (field.unique and not field.optional)):
        problem = "rows that are there may have no value for it; it stays optional"
        raise bad_field(field, problem)


def _form(field: Field) -> str:
    said = field.kind in ("many", "enum")
    return ":".join((field.kind, *field.arguments)) if said else field.kind


def _can_become(known: Field, field: Field) -> bool:
    """Whether every value of the old type is one of the new type too."""
    if field.kind == "enum":
        return known.kind == "enum" and {*known.arguments} <= {*field.arguments}
    if known.kind == "many":
        return False
    if stored_type(known) == stored_type(field):
        return known.kind == field.kind or {known.kind, field.kind} <= {*_TEXTS}
    if known.kind in _TEXTS:
        return field.kind in _TEXTS
    if field.kind not in _WIDER.get(known.kind, ()):
        return False
    if field.kind != "decimal":
        return True
    digits, places = map(int, field.arguments)
    if known.kind == "decimal":
        before = tuple(map(int, known.arguments))
        return digits - places >= before[0] - before[1] and places >= before[1]
    return digits - places >= {"int": 10, "bigint": 19}[known.kind]
