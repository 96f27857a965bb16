"""Lines of a resource's schemas, for requests and responses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fastgen.resources.filters import CREATED, Comparison, Filter, filters_of, searched
from fastgen.resources.lines.choices import (
    choice_classes,
    default_member,
    taken_names,
)
from fastgen.resources.lines.decimal_pattern import decimal_pattern
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.values import default_of, hides_time, python_type
from fastgen.resources.literals import limit_value
from fastgen.resources.names import pascal_case
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import bounds, samples_of

_SHARED = {
    "int": "Int32",
    "bigint": "Int53",
    "float": "Float",
    "bool": "StrictBool",
    "date": "Day",
    "datetime": "Moment",
    "time": "ClockTime",
    "json": "JsonObject",
    "url": "WebAddress",
    "email": "EmailAddress",
}

_ITEMS = {"str": "ShortText", "int": "Int53", "float": "Float", "bool": "StrictBool"}


_PARAMETERS = {
    Comparison.EQUAL: "Exactly",
    Comparison.ANY: "AnyOf",
    Comparison.MIN: "AtLeast",
    Comparison.MAX: "AtMost",
    Comparison.AFTER: "After",
    Comparison.BEFORE: "Before",
}
"""The types of query parameters, which describe the parameter in OpenAPI."""

_NO_TEXT = ("int", "bigint", "float", "bool", "list", "json")

_UNSORTED = ("ref", "uuid", "bool")


@dataclass(frozen=True)
class SchemaLines:
    """Statements of schemas.py and summary.py."""

    imports: tuple[str, ...]
    """Import lines."""
    aliases: tuple[str, ...]
    """Type aliases of fields."""
    example: tuple[str, ...]
    """The statement with an example request; empty without one."""
    extra: str
    """An additional argument of the configuration with the example, or empty."""
    create: tuple[str, ...]
    """The fields of a request that creates a row."""
    update: tuple[str, ...]
    """The fields of a request that changes a row."""
    read: tuple[str, ...]
    """The fields of a response, after the id."""
    summary: tuple[str, ...]
    """The fields of a row within responses of other resources."""
    json_columns: str
    """A tuple of the columns in requests that are neither a text nor null in JSON."""
    query: tuple[str, ...]
    """The query parameters of a list."""


def sorted_by(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields that lists can be sorted by: they are indexed, ordered and never
    null."""
    return tuple(
        f for f in fields if f.queried and not f.optional and f.kind not in _UNSORTED
    )


def schema_lines(
    resource: ResourceSpec,
    many: Sequence[str],
    shown: Mapping[str, str],
    helpers: Mapping[str, str],
) -> SchemaLines:
    """The schemas of `resource`.

    `many` are the `many` fields that filter a list. `shown` maps the references whose
    rows are part of responses to the module of the target's summary.
    """
    fields = resource.stored
    hidden = hides_time(fields, many)
    types, aliases = _types(resource, hidden=hidden)
    written = [f for f in fields if not f.readonly]
    readable = [f for f in fields if not f.writeonly]
    create = [_in_create(f, types[f.name], hidden=hidden) for f in written]
    update = [
        f"{f.column}: {types[f.name]} | MISSING{_none(f)} = MISSING" for f in written
    ]
    read = [f"{f.column}: {_read_type(f, types, hidden=hidden)}" for f in readable]
    read += [
        f"{f.name}: {f.target}Summary{_none(f)}" for f in fields if f.name in shown
    ]
    stamp = "dt.datetime" if hidden else "datetime"
    read += [f"created_at: {stamp}", f"updated_at: {stamp}"]
    query = [
        f"{each.name}: {_in_filter(each, types)} = None"
        for each in filters_of(resource, many)
    ]
    query += [f"{name}: AnyOf[UUID] = None" for name in many]
    query += ["search: SearchText = None"] if searched(resource) else []
    if orders := sorted_by(fields):
        names = ", ".join(f'"{f.column}", "-{f.column}"' for f in orders)
        aliases = (*aliases, f"Sort = Literal[{names}]")
        query.append("sort: SortedBy[Sort] = None")
    summaries = {f"{f.target}Summary": shown[f.name] for f in fields if f.name in shown}
    lines = [*aliases, *create, *update, *read, *query, "id: UUID"]
    example = tuple(_example(written))
    lines += ["EXAMPLE: dict[str, Any]"] if example else []
    texts = [f"{f.column}: str{_none(f)}" for f in readable if f.kind == "str"]
    return SchemaLines(
        imports=imports_of(lines, {**helpers, **summaries}),
        aliases=aliases,
        example=_definition(example),
        extra=', json_schema_extra={"examples": [EXAMPLE]}' if example else "",
        create=tuple(create),
        update=tuple(update),
        read=tuple(read),
        summary=tuple(texts[:1]),
        json_columns=repr(tuple(f.column for f in written if f.kind in _NO_TEXT)),
        query=tuple(query),
    )


def _definition(example: tuple[str, ...]) -> tuple[str, ...]:
    if not example:
        return ()
    comment = "# The example in the API documentation."
    return (comment, "EXAMPLE: dict[str, Any] = {", *example, "}")


def _example(fields: Sequence[Field]) -> Iterator[str]:
    """An example request; it contains only the required references."""
    for field in fields:
        if not field.target:
            yield f'"{field.column}": {samples_of(field).create},'
        elif field.required:
            yield f'"{field.column}": {str(UUID(int=0))!r},'


def _types(
    resource: ResourceSpec, *, hidden: bool
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The types of fields in requests, by field, and the definitions of their
    aliases."""
    classes = choice_classes(resource)
    taken = {*taken_names(resource), *classes.values()}
    types: dict[str, str] = {}
    aliases: list[str] = []
    for field in resource.stored:
        kind = classes.get(field.name) or _constrained(field, hidden=hidden)
        if kind.startswith("Annotated["):
            alias = pascal_case(field.name)
            alias += "Value" if alias in taken else ""
            aliases.append(f"{alias} = {kind}")
            kind = alias
        types[field.name] = kind
    return types, tuple(aliases)


def _none(field: Field) -> str:
    return " | None" if field.optional else ""


def _in_create(field: Field, kind: str, *, hidden: bool) -> str:
    default = default_of(field, hidden=hidden) or ("None" if field.optional else "")
    if field.kind == "enum" and field.default is not None:
        default = default_member(field, kind)
    line = f"{field.column}: {kind}{_none(field)}"
    return f"{line} = {default}" if default else line


def _in_filter(filter_: Filter, types: Mapping[str, str]) -> str:
    field = filter_.field
    kind = _in_query(field, types.get(field.name, _SHARED[CREATED.kind]))
    return f"{_PARAMETERS[filter_.comparison]}[{kind}]"


def _in_query(field: Field, kind: str) -> str:
    """Numbers in a query are texts, which a strict type refuses."""
    if field.kind == "bool":
        return "bool"
    numbers = ("int", "bigint", "float")
    return f"Annotated[{kind}, Strict(False)]" if field.kind in numbers else kind


def _read_type(field: Field, types: Mapping[str, str], *, hidden: bool) -> str:
    python = python_type(field, hidden=hidden)
    named = {
        "enum": types[field.name],
        "bytes": "Base64",
        "decimal": "FixedPoint",
        "time": "ClockTime",
        "json": f"Stored[{python}]",
        "list": f"Stored[{python}]",
    }
    return named.get(field.kind, python) + _none(field)


def _constrained(field: Field, *, hidden: bool) -> str:
    """The type of a field in requests."""
    match field.kind:
        case "str" | "text":
            return _text(field)
        case "int" | "bigint" | "float":
            base = _SHARED[field.kind]
            limits = ", ".join(_numbers(field))
            return f"Annotated[{base}, Field({limits})]" if limits else base
        case "decimal":
            digits, places = field.arguments
            limits = f"max_digits={digits}, decimal_places={places}"
            limits = ", ".join([limits, *_numbers(field)])
            written = f"written_as({_raw(decimal_pattern(field))})"
            more = f"with_places({places}), {written}"
            return f"Annotated[Decimal, Field({limits}), {more}]"
        case "list":
            item = _ITEMS[field.arguments[0]]
            return f"Annotated[list[{item}], Field({_lengths(field)})]"
        case "bytes":
            return f"Annotated[Base64, Field({_lengths(field)})]"
    return _SHARED.get(field.kind) or python_type(field, hidden=hidden)


def _text(field: Field) -> str:
    if field.pattern is None:
        base = "VisibleText" if bounds(field)[0] else "Text"
        return f"Annotated[{base}, Field({_lengths(field)})]"
    limits = f"{_lengths(field)}, pattern={_raw(field.pattern)}"
    return f"Annotated[str, Field({limits}), WITHOUT_NUL]"


def _raw(pattern: str) -> str:
    """A raw string literal if possible."""
    plain = pattern.isprintable() and '"' not in pattern and not pattern.endswith("\\")
    return f'r"{pattern}"' if plain else repr(pattern)


def _lengths(field: Field) -> str:
    least, most = bounds(field)
    return f"min_length={least}, max_length={most}" if least else f"max_length={most}"


def _numbers(field: Field) -> Iterator[str]:
    for word, text in (("ge", field.min), ("le", field.max)):
        if text is not None:
            value = limit_value(field, text)
            if isinstance(value, Decimal):
                whole = value == value.to_integral()
                exact = f"Decimal({f'{value:f}'!r})"
                yield f"{word}={int(value) if whole else exact}"
            else:
                yield f"{word}={value!r}"
