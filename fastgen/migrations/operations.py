"""What one operation of a migration does to a table, read from its text."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastgen.migrations.schema import Gone, MigratedColumn, MigratedTable, Place, Rule
from fastgen.migrations.script import Script

_CONSTRAINTS = {
    "UniqueConstraint": "uq",
    "PrimaryKeyConstraint": "pk",
    "CheckConstraint": "ck",
    "ForeignKeyConstraint": "fk",
    "Index": "ix",
}


class UnknownArgument(Exception):
    """An argument is no literal."""


@dataclass(frozen=True)
class Context:
    """Where a statement stands: its script, the names of constants, the table of the
    batch around it by the name of the batch."""

    script: Script
    values: Mapping[str, ast.expr]
    functions: Mapping[str, ast.FunctionDef]
    batches: Mapping[str, str]

    def place(self, node: ast.AST) -> Place:
        return Place(self.script.path, getattr(node, "lineno", 1))


def created_table(call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "table_name"), context)
    table = MigratedTable(name, context.place(call))
    for part in call.args[1:]:
        if isinstance(part, ast.Starred) or not isinstance(part, ast.Call):
            table = replace(table, clear=False)
            continue
        kind = last_name(part.func)
        if kind == "Column":
            table = _with_column(table, part, context)
        elif kind in _CONSTRAINTS:
            table = replace(
                table, rules=(*table.rules, _rule(_CONSTRAINTS[kind], part, context))
            )
        else:
            table = replace(table, clear=False)
    return table


def _with_column(
    table: MigratedTable, call: ast.Call, context: Context
) -> MigratedTable:
    """`table` with what `sa.Column(...)` says. Raises UnknownArgument."""
    name = text_of_argument(argument(call, 0, "name"), context)
    keywords = {word.arg: word.value for word in call.keywords}
    kind = keywords.get("type_")
    rules: list[Rule] = []
    for part in call.args[1:]:
        if isinstance(part, ast.Call) and last_name(part.func) == "ForeignKey":
            rules.append(_key_of_column(name, part, context))
        elif kind is None:
            kind = part
    primary = _flag(keywords.get("primary_key")) or False
    if primary:
        rules.append(Rule("pk", (name,)))
    if _flag(keywords.get("unique")):
        kind_of_rule = "ux" if _flag(keywords.get("index")) else "uq"
        rules.append(Rule(kind_of_rule, (name,)))
    elif _flag(keywords.get("index")):
        rules.append(Rule("ix", (name,)))
    nullable = _flag(keywords["nullable"]) if "nullable" in keywords else not primary
    stored = ast.unparse(kind) if kind is not None else None
    column = MigratedColumn(name, stored, nullable, context.place(call))
    table = table.with_column(column)
    return replace(table, rules=(*table.rules, *rules))


def _key_of_column(column: str, call: ast.Call, context: Context) -> Rule:
    target = text_of_argument(argument(call, 0, "column"), context).rpartition(".")[0]
    keywords = {word.arg: word.value for word in call.keywords}
    on_delete = _optional_text(keywords.get("ondelete"), context) or ""
    name = _optional_text(keywords.get("name"), context)
    return Rule("fk", (column,), name, target, on_delete)


def _rule(kind: str, call: ast.Call, context: Context) -> Rule:
    """What `sa.UniqueConstraint(...)` and the like say. Raises UnknownArgument."""
    keywords = {word.arg: word.value for word in call.keywords}
    name = _optional_text(keywords.get("name"), context)
    if kind == "ck":
        return Rule("ck", (), name)
    if kind == "ix":
        name, *columns = (text_of_argument(each, context) for each in call.args)
        unique = _flag(keywords.get("unique"))
        return Rule("ux" if unique else "ix", tuple(columns), name)
    if kind == "fk":
        columns = _texts(call.args[0], context)
        target = _texts(call.args[1], context)[0].rpartition(".")[0]
        on_delete = _optional_text(keywords.get("ondelete"), context) or ""
        return Rule("fk", tuple(columns), name, target, on_delete)
    return Rule(
        kind, tuple(text_of_argument(each, context) for each in call.args), name
    )


def _added(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    column = argument(call, 0, "column")
    if not isinstance(column, ast.Call):
        raise UnknownArgument
    return _with_column(table, column, context)


def _dropped(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "column_name"), context)
    return table.without_column(name, Gone(context.place(call)))


def _altered(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "column_name"), context)
    keywords = {word.arg: word.value for word in call.keywords}
    place = context.place(call)
    if known := table.columns.get(name):
        changed = replace(known, place=place)
        if "type_" in keywords:
            changed = replace(changed, type=ast.unparse(keywords["type_"]))
        if "nullable" in keywords:
            changed = replace(changed, nullable=_flag(keywords["nullable"]))
        table = table.with_column(changed)
    new = keywords.get("new_column_name", keywords.get("name"))
    if new is not None:
        table = table.with_renamed_column(name, text_of_argument(new, context), place)
    return table


def _indexed(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "index_name"), context)
    listed = argument(call, 1, "columns")
    if not isinstance(listed, ast.List | ast.Tuple):
        raise UnknownArgument
    keywords = {word.arg: word.value for word in call.keywords}
    kind = "ux" if _flag(keywords.get("unique")) else "ix"
    try:
        columns = tuple(_texts(listed, context))
    except UnknownArgument:  # an expression
        columns = ()
    return replace(table, rules=(*table.rules, Rule(kind, columns, name)))


def _unique(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "constraint_name"), context)
    columns = tuple(_texts(argument(call, 1, "columns"), context))
    return replace(table, rules=(*table.rules, Rule("uq", columns, name)))


def _keyed(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "constraint_name"), context)
    target = text_of_argument(argument(call, 1, "referent_table"), context)
    columns = tuple(_texts(argument(call, 2, "local_cols"), context))
    keywords = {word.arg: word.value for word in call.keywords}
    on_delete = _optional_text(keywords.get("ondelete"), context) or ""
    rule = Rule("fk", columns, name, target, on_delete)
    return replace(table, rules=(*table.rules, rule))


def _freed(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    """`table` without the constraint or the index of that name."""
    name = text_of_argument(argument(call, 0, "constraint_name", "index_name"), context)
    left = tuple(rule for rule in table.rules if rule.name != name)
    if len(left) == len(table.rules):
        left = tuple(r for r in left if r.name is not None or r.kind == "pk")
    return replace(table, rules=left)


Operation = Callable[[MigratedTable, ast.Call, Context], MigratedTable]

CHANGES: Mapping[str, Operation] = {
    "add_column": _added,
    "drop_column": _dropped,
    "alter_column": _altered,
    "create_index": _indexed,
    "create_unique_constraint": _unique,
    "create_foreign_key": _keyed,
    "drop_index": _freed,
    "drop_constraint": _freed,
}


def argument(call: ast.Call, position: int, *names: str) -> ast.expr | None:
    for word in call.keywords:
        if word.arg in names:
            return word.value
    return call.args[position] if position < len(call.args) else None


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(attr=attr):
            return attr
    return ""


def text_of_argument(node: ast.expr | None, context: Context) -> str:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.Name(name) if name in context.values:
            others = {n: v for n, v in context.values.items() if n != name}
            return text_of_argument(
                context.values[name], replace(context, values=others)
            )
        case ast.Call(func=ast.Attribute(attr="f"), args=[inner]):
            return text_of_argument(inner, context)
    raise UnknownArgument


def _optional_text(node: ast.expr | None, context: Context) -> str | None:
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    return text_of_argument(node, context)


def _texts(node: ast.expr | None, context: Context) -> list[str]:
    if not isinstance(node, ast.List | ast.Tuple):
        raise UnknownArgument
    return [text_of_argument(each, context) for each in node.elts]


def _flag(node: ast.expr | None) -> bool | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    return None
