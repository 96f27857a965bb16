"""The types of fields, in Python and in a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from uuid import UUID

STRING = 200
TEXT = 10_000
ENUM = 50
EMAIL = 320
URL = 2048
BYTES = 65_536
ITEMS = 100

INT = 2**31 - 1
BIGINT = 2**53 - 1
"""The largest integer that every JSON client represents exactly."""

JSON = 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
"""The type of JSON in migrations."""

DIGITS = 15
"""The number of digits that a float, and so SQLite, represents exactly."""

ITEM_TYPES: Mapping[str, str] = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
}
"""The types of list items, with their Python types."""


class Limits(Enum):
    """What `min` and `max` limit."""

    NONE = "nothing"
    LENGTH = "a length"
    NUMBER = "a number"


Reader = Callable[[str], object]


@dataclass(frozen=True)
class FieldType:
    """A type of field. In `column` and `stored`, `{0}` is the field's first argument
    and `{max}` its maximum length."""

    name: str
    """The name in a field's definition."""
    python: str
    """The Python type of its values."""
    column: str
    """The type of the column in a model, as an expression."""
    stored: str
    """The type of the column in a migration, as an expression."""
    read: Reader | None
    """Parses the text of a default; None if the type has no default."""
    limits: Limits = Limits.NONE
    """What `min` and `max` limit."""
    longest: int | None = None
    """The maximum length; None without one."""
    unique: bool = True
    """Whether fields of the type can be unique."""
    index: bool = True
    """Whether fields of the type can have an index."""
    pattern: bool = False
    """Whether fields of the type can have a pattern."""
    search: bool = False
    """Whether fields of the type can be searched."""
    form: str = ""
    """The form of its arguments, for messages."""


def _whole(bound: int) -> Reader:
    def read(text: str) -> int:
        value = int(text)
        if not -bound <= value <= bound:
            raise ValueError(text)
        return value

    return read


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite():
        raise ValueError(text)
    return value


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")) or value != value:
        raise ValueError(text)
    return value


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _day(text: str) -> date:
    value = date.fromisoformat(text)
    if value in (date.min, date.max):  # asyncpg stores them as infinity
        raise ValueError(text)
    return value


def _moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    try:
        _day(value.astimezone(UTC).date().isoformat())  # the form in which it is stored
    except OverflowError:
        raise ValueError(text) from None
    return value


def _clock(text: str) -> time:
    value = time.fromisoformat(text)
    if value.tzinfo is not None:
        raise ValueError(text)
    return value


_ALL = (
    FieldType(
        "str",
        "str",
        "String({max})",
        "sa.String(length={max})",
        str,
        Limits.LENGTH,
        STRING,
        pattern=True,
        search=True,
    ),
    FieldType(
        "text",
        "str",
        "Text",
        "sa.Text()",
        str,
        Limits.LENGTH,
        TEXT,
        unique=False,
        index=False,
        pattern=True,
        search=True,
    ),
    FieldType("int", "int", "Integer", "sa.Integer()", _whole(INT), Limits.NUMBER),
    FieldType(
        "bigint", "int", "BigInteger", "sa.BigInteger()", _whole(BIGINT), Limits.NUMBER
    ),
    FieldType(
        "float", "float", "Double", "sa.Double()", _number, Limits.NUMBER, unique=False
    ),
    FieldType(
        "decimal",
        "Decimal",
        "FixedDecimal({0}, {1})",
        "sa.Numeric(precision={0}, scale={1})",
        _decimal,
        Limits.NUMBER,
        form="decimal:DIGITS:PLACES, such as decimal:10:2",
    ),
    FieldType("bool", "bool", "Boolean", "sa.Boolean()", _flag, unique=False),
    FieldType("date", "date", "Date", "sa.Date()", _day),
    FieldType(
        "datetime", "datetime", "UTCDateTime", "sa.DateTime(timezone=True)", _moment
    ),
    FieldType("time", "time", "Time", "sa.Time()", _clock),
    FieldType("uuid", "UUID", "Uuid", "sa.Uuid()", UUID),
    FieldType(
        "json",
        "dict[str, Any]",
        "JSONDocument",
        JSON,
        None,
        unique=False,
        index=False,
    ),
    FieldType(
        "email",
        "str",
        f"String({EMAIL})",
        f"sa.String(length={EMAIL})",
        None,
        search=True,
    ),
    FieldType(
        "url", "str", f"String({URL})", f"sa.String(length={URL})", None, search=True
    ),
    FieldType(
        "enum",
        "str",
        "",
        f"sa.String(length={ENUM})",
        str,
        unique=False,
        form="enum:VALUE:VALUE..., such as enum:draft:live",
    ),
    FieldType(
        "list",
        "list[{item}]",
        "JSONDocument",
        JSON,
        None,
        Limits.LENGTH,
        ITEMS,
        unique=False,
        index=False,
        form="list:TYPE with one of str, int, float, bool, such as list:str",
    ),
    FieldType(
        "bytes",
        "bytes",
        "LargeBinary",
        "sa.LargeBinary()",
        None,
        Limits.LENGTH,
        BYTES,
        unique=False,
        index=False,
    ),
    FieldType(
        "ref",
        "UUID",
        "Uuid",
        "sa.Uuid()",
        None,
        form="ref:RESOURCE[:cascade|restrict|setnull], such as ref:Category",
    ),
    FieldType(
        "many",
        "list[UUID]",
        "",
        "",
        None,
        unique=False,
        index=False,
        form="many:RESOURCE, such as many:Tag, and without flags",
    ),
)

TYPES: Mapping[str, FieldType] = {kind.name: kind for kind in _ALL}

FLAGS = ("optional", "unique", "index", "search", "readonly", "writeonly")
LIMITS = ("default", "min", "max", "pattern")
ON_DELETE = ("cascade", "restrict", "setnull")
