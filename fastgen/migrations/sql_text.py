"""Statements, names and types in SQL text."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<quoted>'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z))
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_TYPES = {
    "sa.String": "varchar nvarchar char bpchar character string",
    "sa.Text": "text clob",
    "sa.Integer": "integer int int4 serial",
    "sa.BigInteger": "bigint int8 bigserial",
    "sa.SmallInteger": "smallint int2",
    "sa.Double": "double float8",
    "sa.Float": "real float float4",
    "sa.Numeric": "numeric decimal",
    "sa.Boolean": "boolean bool",
    "sa.Date": "date",
    "sa.DateTime": "timestamp timestamptz datetime",
    "sa.Time": "time",
    "sa.Uuid": "uuid",
    "sa.JSON": "json",
    "sa.JSONB": "jsonb",
    "sa.LargeBinary": "bytea blob",
}
_TYPE_OF = {word: name for name, words in _TYPES.items() for word in words.split()}
_WITH_ARGUMENTS = ("sa.String", "sa.Numeric")

_LONGEST_TYPE = 200


def statements_in(text: str) -> Iterator[str]:
    """The statements in `text`, without comments and with whitespace collapsed."""
    plain = "".join(
        " " if match["space"] else match[0] for match in _TOKEN.finditer(text)
    )
    return (part.strip() for part in split_at(";", plain) if part.strip())


def split_at(separator: str, text: str) -> Iterator[str]:
    """The parts of `text` between separators outside quotes and parentheses."""
    depth, part = 0, ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == separator and not depth:
            yield part
            part = ""
        else:
            part += token
    yield part


def identifier(text: str) -> str:
    """A name without quotes and schema. An unquoted name is in lower case, as
    PostgreSQL stores it."""
    *_, name = split_at(".", text.strip())
    name = name.strip()
    return name[1:-1] if name[:1] in ('"', "`", "[") else name.lower()


def words_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text)) | frozenset(
        re.findall(r"\w+", text.lower())
    )


def column_type(text: str) -> str | None:
    """A SQL type as a SQLAlchemy expression; None if unknown."""
    if len(text) > _LONGEST_TYPE:
        return None
    match = re.fullmatch(r"\s*(\w+)[^(]*?(?:\(([^()]*)\))?[^()]*", text)
    name = _TYPE_OF.get(match[1].lower()) if match else None
    if match is None or name is None or "[" in text:
        return None
    if name == "sa.DateTime":
        with_zone = (
            match[1].lower() == "timestamptz" or "with time zone" in text.lower()
        )
        return f"{name}({'timezone=True' if with_zone else ''})"
    arguments = (match[2] or "") if name in _WITH_ARGUMENTS else ""
    return f"{name}({arguments})"
