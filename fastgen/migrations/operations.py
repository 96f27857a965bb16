"""The effect of one operation on a table, read from its source."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.migrations.column_types import is_text_enum
from fastgen.migrations.op_calls import last_name
from fastgen.migrations.schema import Gone, MigratedColumn, MigratedTable, Place, Rule

_CONSTRAINTS = {
    "UniqueConstraint": "uq",
    "PrimaryKeyConstraint": "pk",
    "CheckConstraint": "ck",
    "ForeignKeyConstraint": "fk",
    "ExcludeConstraint": "ck",
    "Index": "ix",
}


class UnknownArgument(Exception):
    """An argument is not a literal."""


@dataclass(frozen=True)
class Context:
    """The migration of an operation, and the line of its statement."""

    path: str
    line: int

    @property
    def statement(self) -> Place:
        return Place(self.path, self.line)

    def place(self, node: ast.AST) -> Place:
        return Place(self.path, getattr(node, "lineno", self.line))


def created_table(call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "table_name"))
    table = MigratedTable(name, context.statement)
    for part in call.args[1:]:
        if isinstance(part, ast.Constant) and part.value is None:
            continue
        try:
            table = _with_part(table, part, context)
        except UnknownArgument:
            table = table.not_read(context.statement)
    if any(word.arg is None for word in call.keywords):
        table = table.not_read(context.statement)
    return table


def _with_part(table: MigratedTable, part: ast.expr, context: Context) -> MigratedTable:
    """`table` with one argument of `create_table`. Raises UnknownArgument."""
    if isinstance(part, ast.Call):
        kind = last_name(part.func)
        if kind == "Column":
            return _with_column(table, part, context)
        if kind in _CONSTRAINTS:
            rule = replace(_rule(_CONSTRAINTS[kind], part), place=context.place(part))
            return replace(table, rules=(*table.rules, rule))
    raise UnknownArgument


def _with_column(
    table: MigratedTable, call: ast.Call, context: Context
) -> MigratedTable:
    """`table` with the column in `sa.Column(...)`. Raises UnknownArgument."""
    name = text_of_argument(argument(call, 0, "name"))
    keywords = {word.arg: word.value for word in call.keywords}
    kind = keywords.get("type_")
    rules: list[Rule] = []
    for part in call.args[1:]:
        if isinstance(part, ast.Call) and last_name(part.func) == "ForeignKey":
            rules.append(_key_of_column(name, part))
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
    rules += _check_of_enum(name, kind)
    stored = ast.unparse(kind) if kind is not None else None
    column = MigratedColumn(name, stored, nullable, context.place(call))
    table = table.with_column(column)
    return replace(table, rules=(*table.rules, *rules))


def _check_of_enum(column: str, kind: ast.expr | None) -> Iterator[Rule]:
    """The constraint of `sa.Enum("draft", "live", create_constraint=True)`."""
    if isinstance(kind, ast.Call) and last_name(kind.func) == "Enum":
        words = {word.arg: word.value for word in kind.keywords}
        if is_text_enum(kind) and _flag(words.get("create_constraint")):
            values = ", ".join(repr(text_of_argument(each)) for each in kind.args)
            yield Rule("ck", (), condition=f"{column} IN ({values})")


def _key_of_column(column: str, call: ast.Call) -> Rule:
    target = text_of_argument(argument(call, 0, "column")).rpartition(".")[0]
    keywords = {word.arg: word.value for word in call.keywords}
    on_delete = _optional_text(keywords.get("ondelete")) or ""
    name = _optional_text(keywords.get("name"))
    return Rule("fk", (column,), name, target, on_delete)


def _rule(kind: str, call: ast.Call) -> Rule:
    """The rule in `sa.UniqueConstraint(...)` or a similar call. Raises
    UnknownArgument."""
    keywords = {word.arg: word.value for word in call.keywords}
    name = _optional_text(keywords.get("name"))
    if kind == "ck":
        return Rule("ck", (), name, condition=_condition(argument(call, 0, "sqltext")))
    if kind == "ix":
        name, *columns = (text_of_argument(each) for each in call.args)
        unique = _flag(keywords.get("unique"))
        return Rule("ux" if unique else "ix", tuple(columns), name)
    if kind == "fk":
        columns = _texts(call.args[0])
        target = _texts(call.args[1])[0].rpartition(".")[0]
        on_delete = _optional_text(keywords.get("ondelete")) or ""
        return Rule("fk", tuple(columns), name, target, on_delete)
    return Rule(kind, tuple(text_of_argument(each) for each in call.args), name)


def _added(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    column = argument(call, 0, "column")
    if not isinstance(column, ast.Call) or last_name(column.func) != "Column":
        raise UnknownArgument
    return _with_column(table, column, context)


def _dropped(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "column_name"))
    return table.without_column(name, Gone(context.place(call)))


def _altered(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = text_of_argument(argument(call, 0, "column_name"))
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
        table = table.with_renamed_column(name, text_of_argument(new), place)
    return table


def _indexed(table: MigratedTable, call: ast.Call, _: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "index_name"))
    keywords = {word.arg: word.value for word in call.keywords}
    kind = "ux" if _flag(keywords.get("unique")) else "ix"
    try:
        columns = tuple(_texts(argument(call, 1, "columns")))
    except UnknownArgument:  # an index on an expression
        columns = ()
    return replace(table, rules=(*table.rules, Rule(kind, columns, name)))


def _unique(table: MigratedTable, call: ast.Call, _: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "constraint_name"))
    columns = tuple(_texts(argument(call, 1, "columns")))
    return replace(table, rules=(*table.rules, Rule("uq", columns, name)))


def _keyed(table: MigratedTable, call: ast.Call, _: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "constraint_name"))
    target = text_of_argument(argument(call, 1, "referent_table"))
    columns = tuple(_texts(argument(call, 2, "local_cols")))
    keywords = {word.arg: word.value for word in call.keywords}
    on_delete = _optional_text(keywords.get("ondelete")) or ""
    rule = Rule("fk", columns, name, target, on_delete)
    return replace(table, rules=(*table.rules, rule))


def _checked(table: MigratedTable, call: ast.Call, context: Context) -> MigratedTable:
    name = _optional_text(argument(call, 0, "constraint_name"))
    condition = _condition(argument(call, 1, "condition"))
    place = context.place(call)
    rule = Rule("ck", (), name, condition=condition, place=place)
    return replace(table, rules=(*table.rules, rule))


def _condition(node: ast.expr | None) -> str:
    """The text of a condition; empty for another expression."""
    match node:
        case ast.Constant(str(text)):
            return text
    return ""


def _freed(table: MigratedTable, call: ast.Call, _: Context) -> MigratedTable:
    """`table` without the named constraint or index."""
    name = _optional_text(argument(call, 0, "constraint_name", "index_name"))
    return without_named(table, name)


def without_named(table: MigratedTable, name: str | None) -> MigratedTable:
    """`table` without the constraint or index `name`. If no rule has this name, the
    database chose it: all unnamed rules are removed."""
    left = tuple(rule for rule in table.rules if rule.name != name or name is None)
    if len(left) == len(table.rules) and name:
        left = tuple(r for r in left if not _is_short(r, name, table.name))
    if len(left) == len(table.rules):
        left = tuple(r for r in left if r.name is not None or r.kind == "pk")
    return replace(table, rules=left)


def _is_short(rule: Rule, name: str, table: str) -> bool:
    """Whether the naming convention makes one of the names of the other one, as it does
    for a CHECK constraint without `op.f`."""
    pair = sorted((rule.name or "", name), key=len)
    return rule.kind == "ck" and pair[1].endswith(f"_{table}_{pair[0]}")


Operation = Callable[[MigratedTable, ast.Call, Context], MigratedTable]

CHANGES: Mapping[str, Operation] = {
    "add_column": _added,
    "drop_column": _dropped,
    "alter_column": _altered,
    "create_index": _indexed,
    "create_unique_constraint": _unique,
    "create_foreign_key": _keyed,
    "create_check_constraint": _checked,
    "drop_index": _freed,
    "drop_constraint": _freed,
}


def argument(call: ast.Call, position: int, *names: str) -> ast.expr | None:
    for word in call.keywords:
        if word.arg in names:
            return word.value
    return call.args[position] if position < len(call.args) else None


def text_of_argument(node: ast.expr | None) -> str:
    """The text of an argument. Raises UnknownArgument if it is not a text literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise UnknownArgument


def _optional_text(node: ast.expr | None) -> str | None:
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    return text_of_argument(node)


def _texts(node: ast.expr | None) -> list[str]:
    if not isinstance(node, ast.List | ast.Tuple):
        raise UnknownArgument
    return [text_of_argument(each) for each in node.elts]


def _flag(node: ast.expr | None) -> bool | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    return None
