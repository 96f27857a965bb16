"""The tables of resources for migrations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from decimal import Decimal

from fastgen.resources.associations import Association, associations_of
from fastgen.resources.literals import default_value, text_of
from fastgen.resources.references import on_delete
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.rules import Check, checks_of
from fastgen.resources.samples import bounds, number_bounds
from fastgen.resources.types import TYPES, Limits

STAMPS = ("created_at", "updated_at")
SERVER_DEFAULTS: Mapping[str, str] = {
    "id": "sa.func.gen_random_uuid()",
    **dict.fromkeys(STAMPS, "sa.func.now()"),
}


@dataclass(frozen=True)
class ForeignKey:
    table: str
    on_delete: str
    """The SQL action when the referenced row is deleted; may be empty."""


@dataclass(frozen=True)
class Column:
    """A column of a table in migrations."""

    name: str
    """The name of the column."""
    type: str
    """A SQLAlchemy expression: `sa.String(length=200)`."""
    kind: str
    """The type of its field, such as `str`."""
    nullable: bool
    """Whether it may be null."""
    unique: tuple[str, ...]
    """The columns of its unique constraint, with this column last; empty without
    one."""
    index: tuple[str, ...]
    """The columns of its index; empty without one."""
    key: ForeignKey | None
    """Its foreign key, if any."""
    fill: str | None
    """The value for existing rows, as a Python expression: the default, or an empty
    value after a downgrade."""
    server_default: str | None
    """The same value as an expression for the argument `server_default`."""
    is_unique_index: bool = False
    """Whether its index is unique and replaces a constraint."""
    search: bool = False
    """Whether it has a trigram index on PostgreSQL."""
    checks: tuple[Check, ...] = ()
    """The CHECK constraints of the column."""


def shape(column: Column) -> tuple[object, ...]:
    """The properties of a column that the database stores."""
    return (
        column.type,
        column.nullable,
        column.unique,
        column.index,
        column.key,
        column.search,
        column.checks,
    )


@dataclass(frozen=True)
class Table:
    """A table. A table with `pairs` is an association table: its two columns are its
    primary key."""

    name: str
    columns: Mapping[str, Column]
    pairs: bool = False
    stamps: tuple[str, ...] = STAMPS
    """The timestamp columns."""
    server_defaults: Mapping[str, str] = field(default_factory=lambda: SERVER_DEFAULTS)
    """The server defaults of the id and the timestamp columns; may be empty."""
    own: tuple[Column, ...] = ()
    """The columns that the user added to all tables."""

    @property
    def primary_key(self) -> tuple[str, ...]:
        return tuple(self.columns) if self.pairs else ("id",)

    @property
    def targets(self) -> set[str]:
        """The referenced tables without the table itself."""
        found = {column.key.table for column in self.every if column.key}
        return found - {self.name}

    @property
    def every(self) -> tuple[Column, ...]:
        return (*self.columns.values(), *self.own)


def stored_tables(
    resources: Iterable[ResourceSpec], others: Mapping[str, str]
) -> dict[str, Table]:
    """The tables of `resources`, by name. `others` maps other models to the tables that
    may be referenced."""
    resources = tuple(resources)
    names = {**others, **{r.name: r.plural for r in resources}}
    tables = [
        Table(
            resource.plural,
            {f.column: _column(f, resource, names) for f in resource.columns},
        )
        for resource in resources
    ]
    tables += [
        _pairs(association)
        for resource in resources
        for association in associations_of(resource, names)
    ]
    return {table.name: table for table in tables}


def _pairs(association: Association) -> Table:
    columns = (
        _key_column(association.own_column, association.own_table),
        _key_column(association.target_column, association.target_table),
    )
    return Table(association.table, {c.name: c for c in columns}, pairs=True)


def _key_column(name: str, table: str) -> Column:
    return Column(
        name=name,
        type=TYPES["ref"].stored,
        kind="ref",
        nullable=False,
        unique=(),
        index=(),
        key=ForeignKey(table, "CASCADE"),
        fill=None,
        server_default=None,
    )


def _column(field: Field, resource: ResourceSpec, tables: Mapping[str, str]) -> Column:
    key = None
    if field.target:
        table = tables.get(field.target, field.target)
        key = ForeignKey(table, on_delete(field))
    fill, server = _fill(field)
    return Column(
        name=field.column,
        type=stored_type(field),
        kind=field.kind,
        nullable=field.optional,
        unique=resource.unique_columns(field),
        index=resource.index_columns(field),
        key=key,
        fill=fill,
        server_default=server,
        search=field.search,
        checks=checks_of(field),
    )


def filled_column(column: Column, field: Field) -> Column:
    """`column` with the default of `field` as the value for existing rows."""
    fill, server = _fill(field)
    return replace(column, fill=fill, server_default=server)


def stored_type(field: Field) -> str:
    kind = TYPES[field.kind]
    longest = bounds(field)[1] if kind.limits is Limits.LENGTH else 0
    return kind.stored.format(*field.arguments, max=longest)


def _fill(field: Field) -> tuple[str | None, str | None]:
    """The value for existing rows, as Python and as `server_default`; None without
    one."""
    for fill, server in _fills(field):
        return fill, server
    return None, None


def _fills(field: Field) -> Iterator[tuple[str, str]]:
    value = default_value(field)
    match field.kind:
        case "str" | "text":
            yield repr(value or ""), repr(value or "")
        case "enum":
            yield repr(value or field.arguments[0]), repr(value or field.arguments[0])
        case "int" | "bigint" | "float" | "decimal":
            number = text_of(_nearest_to_zero(field) if value is None else value)
            yield number, repr(number)
        case "bool":
            yield repr(bool(value)), f"sa.{text_of(bool(value))}()"
        case "date" if value:
            text = repr(value.isoformat())
            yield f"sa.func.date({text})", text
        case "time" if value is not None:
            # SQLAlchemy stores a time as text in this form on SQLite.
            text = value.isoformat("microseconds")
            yield f"sa.text({_quoted(text)})", repr(text)
        case "datetime" if value:
            text = value.astimezone(UTC).isoformat(" ")
            yield f"sa.text({_quoted(text)})", repr(text)
        case "json":
            yield "{}", "'{}'"
        case "list":
            yield "[]", "'[]'"
        case "uuid" if value:
            yield f"sa.text({_quoted(value.hex)})", repr(value.hex)


def _nearest_to_zero(field: Field) -> Decimal:
    least, most = number_bounds(field)
    return max(least or Decimal(0), Decimal(0)) or min(most or Decimal(0), Decimal(0))


def _quoted(text: str) -> str:
    """A SQL literal as a Python expression."""
    literal = "'" + text.replace("'", "''") + "'"
    return '"' + literal + '"'
