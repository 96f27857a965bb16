"""The effects of migrations, read from their source: `upgrade` is parsed, never run."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from fastgen.migrations.branches import agreed
from fastgen.migrations.chain import History
from fastgen.migrations.executed import executed
from fastgen.migrations.imported import imported_constants
from fastgen.migrations.limits import UNREADABLE
from fastgen.migrations.op_calls import EXECUTING, batch_of
from fastgen.migrations.operations import (
    CHANGES,
    Context,
    UnknownArgument,
    argument,
    created_table,
    text_of_argument,
)
from fastgen.migrations.project_models import NO_MODELS, ProjectModels
from fastgen.migrations.schema import MigratedTable, Schema
from fastgen.migrations.script import Script
from fastgen.migrations.steps import Either, Operation, Step, Unread
from fastgen.migrations.unrolling import upgrade_steps

_TABLE_KEYS = ("table_name", "source_table", "source")
_TABLE_AT = {
    "create_index": 1,
    "drop_index": 1,
    "create_unique_constraint": 1,
    "create_foreign_key": 1,
    "create_check_constraint": 1,
    "drop_constraint": 1,
}
"""The position of the table's argument, where it is not the first."""

_DEFAULT_SCHEMAS = (None, "public")
_MAKING = ("create_table", "rename_table", "create_all", "CREATE TABLE", "RENAME TO")
"""Texts in statements that create a table or give it a new name."""


def schema_of(
    past: History, dialect: str = "", models: ProjectModels = NO_MODELS
) -> Schema:
    """The tables after all migrations of `past` on a database of `dialect`.

    Without a dialect, the tables that are the same on every database. `models` has the
    modules from which migrations import constants. Raises NoHead.
    """
    schema = Schema()
    for script in past.in_order:
        for step in _steps(script, dialect, models):
            schema = _after(schema, step, script.path)
    return schema


def _steps(script: Script, dialect: str, models: ProjectModels) -> tuple[Step, ...]:
    if script.depends is None:  # The order is unknown.
        return (Unread((ast.parse(script.text),), 1),)
    constants = imported_constants(script.text, models)
    return upgrade_steps(script.text, dialect, constants)


def _after(schema: Schema, step: Step, path: str) -> Schema:
    context = Context(path, step.line)
    match step:
        case Operation(call=call):
            try:
                return _operated(schema, call, context)
            except (UnknownArgument, *UNREADABLE):
                return _not_read(schema, (call,), context)
        case Unread(nodes=nodes):
            return _not_read(schema, nodes, context)
        case Either(branches=branches):
            results = [
                reduce(lambda known, each: _after(known, each, path), steps, schema)
                for steps in branches
            ]
            return agreed(results, context.statement)


def _not_read(schema: Schema, nodes: Sequence[ast.AST], context: Context) -> Schema:
    """The schema after an unreadable statement: the tables that it names may have
    changed, or all tables if it names none."""
    texts = _texts_in(nodes)
    named = sorted(texts & schema.tables.keys())
    schema = schema.not_read(context.statement, *named)
    said = [*texts, *_words_in(nodes)]
    if not named and any(word in each for word in _MAKING for each in said):
        return schema.maybe_making(context.statement, ())
    return schema.maybe_making(context.statement, texts) if texts else schema


def _operated(schema: Schema, call: ast.Call, context: Context) -> Schema:
    """The schema after one operation. Raises UnknownArgument."""
    assert isinstance(call.func, ast.Attribute)
    name, batch = call.func.attr, batch_of(call.func.value)
    if name in EXECUTING:
        return executed(schema, call, context)
    if _is_of_another_schema(batch or call):
        return schema
    if name == "create_table":
        return schema.with_table(created_table(call, context))
    if name == "drop_table":
        table = text_of_argument(argument(call, 0, "table_name"))
        return schema.without_table(table, context.statement)
    if name == "rename_table":
        old = text_of_argument(argument(call, 0, "old_table_name"))
        new = text_of_argument(argument(call, 1, "new_table_name"))
        return schema.with_renamed_table(old, new, context.statement)
    if name not in CHANGES:
        return _custom(schema, call, context)
    at = _TABLE_AT.get(name, 0)
    said = argument(batch, 0, "table_name") if batch else None
    if not batch:
        said = argument(call, at, *_TABLE_KEYS)
        if said is None and name == "drop_index":
            return _without_index(schema, call)
    table = text_of_argument(said)
    arguments = list(call.args)
    if not batch and at < len(arguments):
        del arguments[at]
    inner = ast.copy_location(ast.Call(call.func, arguments, call.keywords), call)
    return _changed(schema, table, inner, context)


def _changed(schema: Schema, table: str, call: ast.Call, context: Context) -> Schema:
    """The schema after an operation on `table`, which is not in its arguments."""
    assert isinstance(call.func, ast.Attribute)
    table = schema.current_name(table)
    known = schema.tables.get(table)
    if known is None:
        places = schema.unread_places(table)
        known = MigratedTable(table, context.statement, unread=places, whole=False)
    try:
        changed = CHANGES[call.func.attr](known, call, context)
    except UnknownArgument:
        changed = known.not_read(context.statement)
    return schema.with_table(changed)


def _custom(schema: Schema, call: ast.Call, context: Context) -> Schema:
    """The schema after a custom operation that is not part of Alembic."""
    texts = _texts_in(call.args) | _texts_in(word.value for word in call.keywords)
    named = texts & schema.tables.keys()
    if named:
        schema = schema.not_read(context.statement, *named)
    return schema.maybe_making(context.statement, texts - named) if texts else schema


def _words_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for each in (inner for node in nodes for inner in ast.walk(node)):
        match each:
            case ast.Name(word) | ast.Attribute(attr=word):
                yield word


def _texts_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {
        each.value
        for node in nodes
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def _without_index(schema: Schema, call: ast.Call) -> Schema:
    name = text_of_argument(argument(call, 0, "index_name"))
    return schema.without_rule(name)


def _is_of_another_schema(call: ast.Call) -> bool:
    """Whether the operation is on a table in another database schema."""
    for word in call.keywords:
        if word.arg == "schema" and isinstance(word.value, ast.Constant):
            return word.value.value not in _DEFAULT_SCHEMAS
    return False
