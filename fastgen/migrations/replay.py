"""What migrations do, read from their text: `upgrade` is parsed and never run."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from graphlib import TopologicalSorter

from fastgen.migrations.chain import History
from fastgen.migrations.operations import (
    CHANGES,
    Context,
    UnknownArgument,
    argument,
    created_table,
    last_name,
    text_of_argument,
)
from fastgen.migrations.schema import Gone, MigratedTable, Schema
from fastgen.migrations.script import Script

_ALTER = re.compile(
    r"""\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?["`]?(?P<table>\w+)["`]?\s+
    (?:RENAME\s+TO\s+["`]?(?P<renamed>\w+)["`]?
    |RENAME\s+(?:COLUMN\s+)?["`]?(?P<old>\w+)["`]?\s+TO\s+["`]?(?P<new>\w+)["`]?
    |DROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?["`]?(?P<dropped>\w+)["`]?)\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_CONSTRAINT = re.compile(
    r"""\s*ALTER\s+TABLE\s+["`]?(?P<table>\w+)["`]?\s+RENAME\s+CONSTRAINT\s+
    ["`]?(?P<old>\w+)["`]?\s+TO\s+["`]?(?P<new>\w+)["`]?\s*;?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_ROWS = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|SELECT|PRAGMA|COMMENT|SET|ANALYZE|VACUUM)\b", re.I
)
_NAMES = re.compile(r"\w+")


def schema_of(past: History) -> Schema:
    """The tables after all migrations of `past`, each after those that it follows."""
    schema = Schema()
    for script in _in_order(past):
        schema = _after(schema, script)
    return schema


def _in_order(past: History) -> Iterator[Script]:
    graph = {
        revision: sorted({*script.follows} & past.scripts.keys())
        for revision, script in sorted(past.scripts.items())
    }
    return (past.scripts[each] for each in TopologicalSorter(graph).static_order())


def _after(schema: Schema, script: Script) -> Schema:
    module = ast.parse(script.text)
    values = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
    context = Context(script, values, functions, {})
    if "upgrade" not in functions:
        return schema.unclear()
    return _body(schema, functions["upgrade"].body, context)


def _body(schema: Schema, body: Iterable[ast.stmt], context: Context) -> Schema:
    for statement in body:
        schema = _statement(schema, statement, context)
    return schema


def _statement(schema: Schema, statement: ast.stmt, context: Context) -> Schema:
    match statement:
        case ast.Expr(value=ast.Call() as call):
            return _called(schema, call, context)
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Import():
            return schema
        case ast.With(items=[ast.withitem(ast.Call() as call, ast.Name(name))]) if (
            last_name(call.func) == "batch_alter_table"
        ):
            try:
                table = text_of_argument(argument(call, 0, "table_name"), context)
            except UnknownArgument:
                return schema.unclear()
            batches = {**context.batches, name: table}
            return _body(schema, statement.body, replace(context, batches=batches))
        case ast.If() | ast.For() | ast.While() | ast.Try() | ast.With():
            return _perhaps(schema, statement, context)
        case _ if any(_is_operation(node, context) for node in ast.walk(statement)):
            return schema.unclear()
    return schema


def _perhaps(schema: Schema, statement: ast.stmt, context: Context) -> Schema:
    """The schema after operations that may or may not be done: the tables that they
    name are no longer clear."""
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call) or not _is_operation(node, context):
            continue
        before = schema
        schema = _called(schema, node, context)
        changed = {
            name
            for name in before.tables.keys() | schema.tables.keys()
            if _columns(before, name) != _columns(schema, name)
        }
        if changed:
            schema = schema.unclear(*changed)
    return schema


def _columns(schema: Schema, table: str) -> object:
    known = schema.tables.get(table)
    return known.columns if known else None


def _is_operation(node: ast.AST, context: Context) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(name), attr=attr)):
            return (name in context.batches or name == "op") and attr != "f"
        case ast.Call(func=ast.Name(name)):
            return name in context.functions
    return False


def _called(schema: Schema, call: ast.Call, context: Context) -> Schema:
    match call.func:
        case ast.Name(name) if name in context.functions:
            function = context.functions[name]
            if call.args or call.keywords:
                return schema.unclear()
            others = {n: f for n, f in context.functions.items() if n != name}
            inner = replace(context, functions=others)
            return _body(schema, function.body, inner)
        case ast.Attribute(value=ast.Name(owner), attr=attr):
            if owner not in ("op", *context.batches):
                return schema
            try:
                return _operated(
                    schema, attr, call, context.batches.get(owner), context
                )
            except UnknownArgument:
                return schema.unclear()
    given = (each.id for each in call.args if isinstance(each, ast.Name))
    return schema.unclear() if "op" in given else schema


def _operated(
    schema: Schema, attr: str, call: ast.Call, batch: str | None, context: Context
) -> Schema:
    """The schema after the operation `attr`; in a batch the table is not an argument.
    Raises UnknownArgument."""
    place = context.place(call)
    if attr == "create_table":
        return schema.with_table(created_table(call, context))
    if attr == "drop_table":
        return schema.without_table(
            text_of_argument(argument(call, 0, "table_name"), context), place
        )
    if attr == "rename_table":
        old, new = (text_of_argument(a, context) for a in call.args[:2])
        return schema.with_renamed_table(old, new, place)
    if attr == "execute":
        return _executed(schema, call, context)
    change = CHANGES.get(attr)
    if change is None:
        return schema
    at = 0 if batch else _TABLE_AT.get(attr, 0)
    table = batch or text_of_argument(argument(call, at, *_TABLE_KEYS), context)
    known = schema.tables.get(table)
    known = known or MigratedTable(table, place, clear=False)
    # The arguments without the table.
    arguments = list(call.args)
    if not batch and at < len(arguments):
        del arguments[at]
    inner = ast.Call(func=call.func, args=arguments, keywords=call.keywords)
    return schema.with_table(change(known, ast.copy_location(inner, call), context))


_TABLE_KEYS = ("table_name", "source_table")
_TABLE_AT = {
    "create_index": 1,
    "drop_index": 1,
    "create_unique_constraint": 1,
    "create_foreign_key": 1,
    "create_primary_key": 1,
    "create_check_constraint": 1,
    "drop_constraint": 1,
}
"""The position of the table among the arguments, where it is not the first."""


def _executed(schema: Schema, call: ast.Call, context: Context) -> Schema:
    said = call.args[0] if call.args else None
    if isinstance(said, ast.Call) and last_name(said.func) == "text":
        said = said.args[0] if said.args else None
    try:
        text = text_of_argument(said, context)
    except UnknownArgument:
        # A statement of SQLAlchemy, such as `table.update()`, changes rows alone.
        return schema if isinstance(said, ast.Call) else schema.unclear()
    place = context.place(call)
    if match := _ALTER.fullmatch(text):
        table = match["table"]
        if match["renamed"]:
            return schema.with_renamed_table(table, match["renamed"], place)
        if known := schema.tables.get(table):
            if match["dropped"]:
                changed = known.without_column(match["dropped"], Gone(place))
            else:
                changed = known.with_renamed_column(match["old"], match["new"], place)
            return schema.with_table(changed)
        return schema
    if _ROWS.match(text):
        return schema
    if match := _CONSTRAINT.fullmatch(text):
        known = schema.tables.get(match["table"])
        if known is None:
            return schema
        return schema.with_table(known.with_renamed_rule(match["old"], match["new"]))
    named = {*_NAMES.findall(text)} & schema.tables.keys()
    return schema.unclear(*named) if named else schema
