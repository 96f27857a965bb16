"""Types of columns as Python text: comparison and portable form."""

import ast

from fastgen.resources.types import JSON

_FAMILIES = {
    "string": "String AutoString VARCHAR Unicode NVARCHAR CHAR",
    "text": "Text TEXT UnicodeText CLOB",
    "integer": "Integer INTEGER INT",
    "bigint": "BigInteger BIGINT",
    "smallint": "SmallInteger SMALLINT",
    "float": "Float Double FLOAT DOUBLE REAL DOUBLE_PRECISION",
    "numeric": "Numeric NUMERIC DECIMAL FixedDecimal",
    "boolean": "Boolean BOOLEAN",
    "date": "Date DATE",
    "datetime": "DateTime DATETIME TIMESTAMP UTCDateTime",
    "time": "Time TIME",
    "uuid": "Uuid UUID GUID",
    "json": "JSON JSONB JSONDocument",
    "bytes": "LargeBinary BLOB BYTEA VARBINARY BINARY",
}

FAMILY_OF = {name: key for key, names in _FAMILIES.items() for name in names.split()}

_ARGUMENTS = {"string": ("length",), "numeric": ("precision", "scale")}
"""The arguments that distinguish types in a database."""

_BINARY_JSON = ("JSONB", "JSONDocument")

OF_PYTHON = {
    "str": "sa.String()",
    "int": "sa.Integer()",
    "float": "sa.Float()",
    "bool": "sa.Boolean()",
    "bytes": "sa.LargeBinary()",
    "Decimal": "sa.Numeric()",
    "date": "sa.Date()",
    "time": "sa.Time()",
    "datetime": "sa.DateTime()",
    "UUID": "sa.Uuid()",
}
"""The SQLAlchemy type of each Python type."""


def same_type(one: str | None, other: str | None) -> bool | None:
    """Whether two expressions are the same type, or both are JSON; None if unknown."""
    first, second = _parts(one), _parts(other)
    if first and second and first[0] == second[0] == "json":
        return True
    return first == second if first and second else None


def equal_type(one: str | None, other: str | None) -> bool:
    """Whether two expressions are the same type in a database."""
    first = _parts(one)
    return first is not None and first == _parts(other)


def portable_type(text: str | None) -> str | None:
    """The type as an expression with SQLAlchemy's own types; None if unknown."""
    family, arguments = _parts(text) or ("", ())
    name = _FAMILIES[family].split()[0] if family else ""
    if family == "datetime":
        assert text is not None
        zone = "timezone=True" in text or "UTCDateTime" in text
        return f"sa.DateTime({'timezone=True' if zone else ''})"
    if family == "json" and arguments == (True,):
        return JSON
    if family == "float" and text and "Double" in text:
        name = "Double"
    names = _ARGUMENTS.get(family, ())
    given = zip(names, arguments, strict=False)
    said = ", ".join(f"{key}={value}" for key, value in given if value is not None)
    return f"sa.{name}({said})" if name else None


def is_text_enum(call: ast.Call) -> bool:
    """Whether an enum is stored as text, not as a type of the database."""
    return any(
        word.arg == "native_enum"
        and isinstance(word.value, ast.Constant)
        and word.value.value is False
        for word in call.keywords
    )


def _parts(text: str | None) -> tuple[str, tuple[object, ...]] | None:
    if text is None:
        return None
    plain, _, variants = text.partition(".with_variant(")
    try:
        node = ast.parse(plain, mode="eval").body
    except SyntaxError:
        return None
    call = node if isinstance(node, ast.Call) else None
    named = call.func if call else node
    match named:
        case ast.Attribute(attr=name) | ast.Name(name):
            family = FAMILY_OF.get(name)
        case _:
            name, family = "", None
    if call and name == "Enum" and is_text_enum(call):
        family = "string"
    if family == "json":
        return family, (any(name in text for name in _BINARY_JSON),)
    if family is None or variants:
        return None
    names = _ARGUMENTS.get(family, ())
    arguments = call.args if call and name != "Enum" else []
    given = dict(zip(names, arguments, strict=False))
    given |= {word.arg or "": word.value for word in (call.keywords if call else ())}
    values: list[object] = []
    for name in names:
        match given.get(name):
            case None:
                values.append(None)
            case ast.Constant(value=value):
                values.append(value)
            case _:
                return None
    return family, tuple(values)
