"""Columns and tables in string arguments of SQLAlchemy's and Pydantic's functions."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.merge.renames.moved_names import MovedNames

_NAMES = frozenset(
    {
        *("UniqueConstraint", "PrimaryKeyConstraint", "validates", "synonym"),
        *("field_validator", "field_serializer"),
    }
)
"""Functions whose positional arguments are names of columns or fields."""


@dataclass(frozen=True)
class NewText:
    """A string argument and its new value."""

    node: ast.Constant
    new: str


def strings_of(call: ast.Call, owner: str, moved: MovedNames) -> Iterator[NewText]:
    """The string arguments of `call` that change. `owner` is the class with renamed
    fields whose body contains the call, or empty."""
    called = _last_name(call.func)
    keys = [word.value for word in call.keywords if word.arg == "foreign_key"]
    if called == "ForeignKey":
        keys += call.args[:1]
    if called == "ForeignKeyConstraint":
        referred = [word.value for word in call.keywords if word.arg == "refcolumns"]
        keys += _elements([*call.args[1:2], *referred])
    for node in _texts(keys):
        yield from _changed(node, _of_key(str(node.value), moved))
    if called == "relationship":
        texts = _texts([*call.args, *(word.value for word in call.keywords)])
        for node in texts:
            yield from _changed(node, _of_expression(str(node.value), moved))
    if owner:
        for node in _texts(_column_arguments(call, called)):
            yield from _changed(node, moved.fields.get(str(node.value)))


def keys_compared_in(
    function: ast.FunctionDef | ast.AsyncFunctionDef, moved: MovedNames
) -> Iterator[NewText]:
    """The strings that a function with `@validates` of SQLAlchemy compares with the
    name of the column, which is its second parameter."""
    calls = (d for d in function.decorator_list if isinstance(d, ast.Call))
    if not any(_last_name(call.func) == "validates" for call in calls):
        return
    keys = {given.arg for given in function.args.args[1:2]}
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(s, ast.Name) and s.id in keys for s in sides):
                for text in _texts([*sides, *_elements(sides)]):
                    yield from _changed(text, moved.fields.get(str(text.value)))


def _column_arguments(call: ast.Call, called: str) -> list[ast.expr]:
    if called in _NAMES:
        return call.args
    if called == "Index":
        included = [k.value for k in call.keywords if k.arg == "postgresql_include"]
        return [*call.args[1:], *_elements(included)]  # behind its name
    if called == "ForeignKeyConstraint":
        return _elements(call.args[:1])
    return []


def _elements(nodes: list[ast.expr]) -> list[ast.expr]:
    """The elements of lists, tuples and sets."""
    lists = (n for n in nodes if isinstance(n, ast.List | ast.Tuple | ast.Set))
    return [element for each in lists for element in each.elts]


def _of_key(key: str, moved: MovedNames) -> str:
    """The new form of `table.column`."""
    table, dot, column = key.partition(".")
    if table == moved.table:
        column = moved.fields.get(column, column)
    return f"{moved.tables.get(table, table)}{dot}{column}"


def _of_expression(text: str, moved: MovedNames) -> str:
    """The new form of an expression that SQLAlchemy evaluates, such as
    `Product.title.desc()`."""
    models = {name for _, name in moved.models}
    text = _attributes(models, moved.fields).sub(
        lambda match: match[1] + moved.fields[match[2]], text
    )
    classes = _classes(moved)
    return _any(classes).sub(lambda match: classes[match[0]], text)


def _attributes(models: set[str], fields: Mapping[str, str]) -> re.Pattern[str]:
    if not models or not fields:
        return re.compile(r"(?!)")
    owners, names = (
        "|".join(map(re.escape, sorted(each))) for each in (models, fields)
    )
    return re.compile(rf"(\b(?:{owners})\.)({names})\b")


def _classes(moved: MovedNames) -> Mapping[str, str]:
    """The new names of classes that only one module renames."""
    found: dict[str, set[str]] = {}
    for names in moved.names.values():
        for old, new in names.items():
            if old[0].isupper():
                found.setdefault(old, set()).add(new)
    return {old: new for old, (new, *others) in found.items() if not others}


def _any(words: Mapping[str, str]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(words))) or "(?!)"
    return re.compile(rf"(?<![\w.])(?:{either})(?!\w)")


def _changed(node: ast.Constant, new: str | None) -> Iterator[NewText]:
    if new is not None and new != node.value:
        yield NewText(node, new)


def _texts(nodes: list[ast.expr]) -> Iterator[ast.Constant]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""
