"""Simple SQL statements that create, change or drop tables."""

import re
from collections.abc import Callable
from dataclasses import replace

from fastgen.migrations.limits import LONGEST_TEXT
from fastgen.migrations.operations import Context, without_named
from fastgen.migrations.schema import Gone, MigratedColumn, MigratedTable, Rule, Schema
from fastgen.migrations.sql_text import (
    column_type,
    identifier,
    split_at,
    statements_in,
    words_in,
)

_NAME = r'(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])'
_DOTTED = rf"(?:{_NAME}\s*\.\s*)?{_NAME}"
_IF = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
_FLAGS = re.IGNORECASE | re.DOTALL


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{text}\s*", _FLAGS)


_ALTER = _pattern(
    rf"ALTER\s+TABLE\s+{_IF}(?:ONLY\s+)?(?P<table>{_DOTTED})\s+(?P<actions>.+)"
)
_CREATE = _pattern(
    rf"CREATE\s+TABLE\s+{_IF}(?P<table>{_DOTTED})\s*\((?P<parts>.*)\)[^()]*"
)
_DROP = _pattern(rf"DROP\s+TABLE\s+{_IF}(?P<tables>.+?)(?:\s+(?:CASCADE|RESTRICT))?")
_INDEX = _pattern(
    rf"CREATE\s+(?P<unique>UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?{_IF}"
    rf"(?P<name>{_DOTTED})\s+ON\s+(?:ONLY\s+)?(?P<table>{_DOTTED})\s*"
    r"(?:USING\s+\w+\s*)?\((?P<columns>.*?)\).*"
)
_DROP_INDEX = _pattern(
    rf"DROP\s+INDEX\s+(?:CONCURRENTLY\s+)?{_IF}(?P<name>{_DOTTED})"
    r"(?:\s+(?:CASCADE|RESTRICT))?"
)
_RENAME_INDEX = _pattern(
    rf"ALTER\s+INDEX\s+{_IF}(?P<old>{_DOTTED})\s+RENAME\s+TO\s+(?P<new>{_NAME})"
)
_OTHER = _pattern(
    r"""(?:(?:INSERT|UPDATE|DELETE|SELECT|MERGE|REPLACE|TRUNCATE|WITH|VALUES|PRAGMA|SET
    |RESET|SHOW|COMMENT|ANALYZE|VACUUM|REINDEX|CLUSTER|GRANT|REVOKE|LOCK|BEGIN|COMMIT
    |ROLLBACK|SAVEPOINT|RELEASE|COPY|REFRESH|NOTIFY)
    |(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+)?(?:TEMP\s+|TEMPORARY\s+
    |MATERIALIZED\s+|EVENT\s+)?(?:EXTENSION|TYPE|DOMAIN|FUNCTION|PROCEDURE|TRIGGER|VIEW
    |SEQUENCE|POLICY|ROLE|USER|COLLATION|PUBLICATION|STATISTICS|AGGREGATE|CAST|RULE
    |VIRTUAL|DATABASE|INDEX|SCHEMA))\b.*""".replace("\n", "").replace(" ", "")
)
"""Statements that change no table. `DROP SCHEMA` can, but is rare."""

_BLOCK = _pattern(
    r"DO\s+\$\$\s*BEGIN\s(?P<body>((?!\bEXCEPTION\b).)*)"
    r"(?:EXCEPTION\s+WHEN[\w\s]+THEN\s+(?:RAISE\s+NOTICE\s+'[^']*'|NULL)\s*;\s*)?"
    r"END\s*;?\s*\$\$"
)


class _NotRead(Exception):
    """A statement or an action of an unknown kind."""


def after_sql(schema: Schema, text: str, context: Context) -> Schema:
    """The schema after the statements in `text`."""
    for statement in statements_in(text):
        try:
            schema = _statement(schema, statement, context)
        except _NotRead:
            named = words_in(statement)
            if known := named & schema.tables.keys():
                schema = schema.not_read(context.statement, *known)
            schema = schema.maybe_making(context.statement, named)
    return schema


def _statement(schema: Schema, text: str, context: Context) -> Schema:
    """The schema after the statement `text`. Raises _NotRead."""
    if len(text) > LONGEST_TEXT:
        if _OTHER.fullmatch(text):
            return schema
        raise _NotRead
    if match := _ALTER.fullmatch(text):
        for action in split_at(",", match["actions"]):
            schema = _action(schema, identifier(match["table"]), action, context)
        return schema
    if match := _CREATE.fullmatch(text):
        is_there = identifier(match["table"]) in schema.tables
        if is_there and re.match(r"CREATE\s+TABLE\s+IF\b", text, re.I):
            return schema
        return schema.with_table(_created(match["table"], match["parts"], context))
    if match := _DROP.fullmatch(text):
        for name in split_at(",", match["tables"]):
            schema = schema.without_table(identifier(name), context.statement)
        return schema
    if match := _INDEX.fullmatch(text):
        kind = "ux" if match["unique"] else "ix"
        columns = _columns(match["columns"])
        rule = Rule(kind, columns, identifier(match["name"]))
        return _with_rule(schema, identifier(match["table"]), rule)
    if match := _DROP_INDEX.fullmatch(text):
        return schema.without_rule(identifier(match["name"]))
    if match := _RENAME_INDEX.fullmatch(text):
        return schema.with_renamed_rule(
            identifier(match["old"]), identifier(match["new"])
        )
    if _OTHER.fullmatch(text):
        return schema
    block = _BLOCK.fullmatch(text)
    if block and all(map(_OTHER.fullmatch, statements_in(block["body"]))):
        return schema
    raise _NotRead


def _with_rule(schema: Schema, table: str, rule: Rule) -> Schema:
    known = schema.tables.get(table)
    if known is None:
        return schema
    return schema.with_table(replace(known, rules=(*known.rules, rule)))


def _columns(text: str) -> tuple[str, ...]:
    """The columns of an index; empty if one of them is an expression."""
    parts = [part.strip() for part in split_at(",", text)]
    matches = [re.fullmatch(rf"({_NAME})(\s+(ASC|DESC))?", p, re.I) for p in parts]
    return tuple(identifier(m[1]) for m in matches if m) if all(matches) else ()


Action = Callable[[MigratedTable, re.Match[str], Context], MigratedTable]


def _dropped(table: MigratedTable, m: re.Match[str], at: Context) -> MigratedTable:
    return table.without_column(identifier(m["column"]), Gone(at.statement))


def _renamed(table: MigratedTable, m: re.Match[str], at: Context) -> MigratedTable:
    old, new = identifier(m["old"]), identifier(m["new"])
    return table.with_renamed_column(old, new, at.statement)


def _renamed_rule(table: MigratedTable, m: re.Match[str], _: Context) -> MigratedTable:
    return table.with_renamed_rule(identifier(m["old"]), identifier(m["new"]))


def _added(table: MigratedTable, m: re.Match[str], at: Context) -> MigratedTable:
    name = identifier(m["column"])
    if name in table.columns:  # IF NOT EXISTS
        return table
    return _with_column(table, name, m["rest"], at)


def _constrained(table: MigratedTable, m: re.Match[str], _: Context) -> MigratedTable:
    rule = _rule(identifier(m["name"]) if m["name"] else None, m["rest"])
    return replace(table, rules=(*table.rules, rule))


def _freed(table: MigratedTable, m: re.Match[str], _: Context) -> MigratedTable:
    return without_named(table, identifier(m["name"]))


def _nullable(table: MigratedTable, m: re.Match[str], at: Context) -> MigratedTable:
    name = identifier(m["column"])
    if known := table.columns.get(name):
        nullable = m["how"].upper() == "DROP"
        changed = replace(known, nullable=nullable, place=at.statement)
        return table.with_column(changed)
    return table


def _typed(table: MigratedTable, m: re.Match[str], at: Context) -> MigratedTable:
    if known := table.columns.get(identifier(m["column"])):
        stored = column_type(re.split(r"\sUSING\s", m["type"], flags=re.I)[0])
        changed = replace(known, type=stored, place=at.statement)
        return table.with_column(changed)
    return table


def _same(table: MigratedTable, _: re.Match[str], __: Context) -> MigratedTable:
    return table


_COLUMN = rf"(?:COLUMN\s+)?(?P<column>{_NAME})"
_RULE = r"(?P<rest>(?:UNIQUE|PRIMARY\s+KEY|FOREIGN\s+KEY|CHECK|EXCLUDE)\b.*)"
_ACTIONS: tuple[tuple[re.Pattern[str], Action], ...] = (
    (
        _pattern(rf"RENAME\s+CONSTRAINT\s+(?P<old>{_NAME})\s+TO\s+(?P<new>{_NAME})"),
        _renamed_rule,
    ),
    (
        _pattern(rf"RENAME\s+(?:COLUMN\s+)?(?P<old>{_NAME})\s+TO\s+(?P<new>{_NAME})"),
        _renamed,
    ),
    (_pattern(rf"DROP\s+CONSTRAINT\s+{_IF}(?P<name>{_NAME})(?:\s+\w+)?"), _freed),
    (_pattern(rf"ADD\s+CONSTRAINT\s+(?P<name>{_NAME})\s+{_RULE}"), _constrained),
    (_pattern(rf"ADD\s+(?P<name>){_RULE}"), _constrained),
    (_pattern(rf"VALIDATE\s+CONSTRAINT\s+{_NAME}"), _same),
    (
        _pattern(
            rf"DROP\s+(?:COLUMN\s+)?{_IF}(?P<column>{_NAME})"
            r"(?:\s+(?:CASCADE|RESTRICT))?"
        ),
        _dropped,
    ),
    (
        _pattern(rf"ADD\s+(?:COLUMN\s+)?{_IF}(?P<column>{_NAME})\s+(?P<rest>.+)"),
        _added,
    ),
    (_pattern(rf"ALTER\s+{_COLUMN}\s+(?P<how>SET|DROP)\s+NOT\s+NULL"), _nullable),
    (
        _pattern(rf"ALTER\s+{_COLUMN}\s+(?:SET\s+DATA\s+)?TYPE\s+(?P<type>.+)"),
        _typed,
    ),
    (_pattern(rf"ALTER\s+{_COLUMN}\s+(?:SET|DROP)\s+(?:DEFAULT|STATI|STORA).*"), _same),
    (_pattern(r"(?:OWNER\s+TO|ENABLE|DISABLE|FORCE|SET\s|RESET|CLUSTER)\b.*"), _same),
)


def _action(schema: Schema, name: str, text: str, context: Context) -> Schema:
    """The schema after an action of ALTER TABLE. Raises _NotRead."""
    if match := re.fullmatch(rf"\s*RENAME\s+TO\s+({_NAME})\s*", text, _FLAGS):
        return schema.with_renamed_table(name, identifier(match[1]), context.statement)
    name = schema.current_name(name)
    table = schema.tables.get(name)
    if table is None:
        places = schema.unread_places(name)
        table = MigratedTable(name, context.statement, unread=places, whole=False)
    for pattern, change in _ACTIONS:
        if match := pattern.fullmatch(text):
            return schema.with_table(change(table, match, context))
    raise _NotRead


_OF_ANOTHER = re.compile(r"\s*LIKE\s.+|.*\)\s*INHERITS\b.*", _FLAGS)
"""Parts of a new table that copy the columns of another table."""


def _created(name: str, parts: str, context: Context) -> MigratedTable:
    """The table that CREATE TABLE creates. Raises _NotRead."""
    table = MigratedTable(identifier(name), context.statement)
    for part in split_at(",", parts):
        if _OF_ANOTHER.fullmatch(part):
            raise _NotRead
        match = _pattern(rf"(?:CONSTRAINT\s+(?P<name>{_NAME})\s+)?{_RULE}").fullmatch(
            part
        )
        if match:
            table = _constrained(table, match, context)
        elif match := _pattern(rf"(?P<column>{_NAME})\s+(?P<rest>.+)").fullmatch(part):
            table = _with_column(
                table, identifier(match["column"]), match["rest"], context
            )
        elif part.strip():
            raise _NotRead
    return table


_AFTER_TYPE = re.compile(
    r"\b(NOT\s+NULL|NULL|DEFAULT|PRIMARY|UNIQUE|REFERENCES|CHECK|CONSTRAINT|COLLATE"
    r"|GENERATED)\b",
    re.IGNORECASE,
)


def _with_column(
    table: MigratedTable, name: str, said: str, context: Context
) -> MigratedTable:
    """`table` with a column. `said` is the text after its name."""
    type_, *_ = _AFTER_TYPE.split(said)
    primary = re.search(r"\bPRIMARY\s+KEY\b", said, re.I) is not None
    rules = [*table.rules]
    if primary:
        rules.append(Rule("pk", (name,)))
    if re.search(r"\bUNIQUE\b", said, re.I):
        rules.append(Rule("uq", (name,)))
    if re.search(r"\bREFERENCES\b", said, re.I):
        rules.append(_key((name,), None, said))
    required = primary or re.search(r"\bNOT\s+NULL\b", said, re.I) is not None
    column = MigratedColumn(name, column_type(type_), not required, context.statement)
    return replace(table.with_column(column), rules=tuple(rules))


def _rule(name: str | None, text: str) -> Rule:
    listed = re.search(r"\(([^()]*)\)", text)
    columns = _columns(listed[1]) if listed else ()
    match text.split()[0].partition("(")[0].upper():
        case "UNIQUE":
            return Rule("uq", columns, name)
        case "PRIMARY":
            return Rule("pk", columns, name)
        case "FOREIGN":
            return _key(columns, name, text)
    return Rule("ck", (), name)


def _key(columns: tuple[str, ...], name: str | None, text: str) -> Rule:
    target = re.search(rf"\bREFERENCES\s+({_DOTTED})", text, re.I)
    action = re.search(r"ON\s+DELETE\s+(SET\s+NULL|NO\s+ACTION|\w+)", text, re.I)
    found = identifier(target[1]) if target else ""
    on_delete = " ".join(action[1].upper().split()) if action else ""
    return Rule("fk", columns, name, found, on_delete)
