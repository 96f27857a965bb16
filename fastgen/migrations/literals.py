"""Python literals as syntax nodes, and the results of operators, methods and built-in
functions on them."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from fastgen.migrations.formats import is_short
from fastgen.migrations.limits import (
    LARGEST,
    LONGEST_LIST,
    LONGEST_TEXT,
    UNREADABLE,
)

UNKNOWN = "?"
"""The name of an unknown value; not a valid Python name."""


def elements(node: ast.expr) -> list[ast.expr] | None:
    """The items of a literal in a loop; None if unknown."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            is_known = not any(isinstance(each, ast.Starred) for each in items)
            return items if is_known else None
        case ast.Dict(keys=keys):
            return [key for key in keys if key] if None not in keys else None
    return None


def truth(node: ast.expr) -> bool | None:
    """The truth value of a literal; None for other expressions."""
    if not is_known(node):
        return None
    try:
        return bool(value_of(node))
    except (TypeError, ValueError):  # a set of lists
        return None


def holds(test: ast.expr) -> bool | None:
    """Whether a folded condition holds; None if unknown."""
    if isinstance(test, ast.BoolOp):
        decides = isinstance(test.op, ast.Or)
        return decides if decides in map(truth, test.values) else None
    return truth(test)


def formatted_part(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.FormattedValue(
            value=ast.Constant(value), conversion=-1, format_spec=None
        ):
            try:
                return str(value)
            except ValueError:  # too many digits
                return None
    return None


def item_of(owner: ast.expr, key: ast.expr) -> ast.expr | None:
    match owner, key:
        case ast.Dict(keys=keys, values=values), ast.Constant(wanted):
            pairs = [*zip(keys, values, strict=True)]
            if all(isinstance(each, ast.Constant) for each in keys):
                found = [v for k, v in pairs if value_of_key(k) == wanted]
                return found[-1] if found else None
        case ((ast.List(elts=items) | ast.Tuple(elts=items)), ast.Constant(int(at))):
            is_flat = not any(isinstance(each, ast.Starred) for each in items)
            is_there = -len(items) <= at < len(items)
            return items[at] if is_flat and is_there else None
    return None


def value_of_key(key: ast.expr | None) -> object:
    assert isinstance(key, ast.Constant)
    return key.value


def make_unknown(value: ast.AST) -> None:
    """Make the lists, sets and dicts in `value` unknown everywhere, because a statement
    changes one of them."""
    for node in [*ast.walk(value)]:
        rest = ast.Name(UNKNOWN, ast.Load())
        match node:
            case ast.List(elts=items) | ast.Set(elts=items) if (
                elements(node) is not None
            ):
                items.append(ast.Starred(rest, ast.Load()))
            case ast.Dict(keys=keys, values=values) if None not in keys:
                keys.append(None)
                values.append(rest)


def method_result(
    owner: ast.expr,
    attr: str,
    arguments: list[ast.expr],
    words: list[ast.keyword],
    node: ast.Call,
) -> ast.expr | None:
    """The result of a method of a literal; None if unknown."""
    match owner:
        case ast.Dict(keys=keys, values=values) if None not in keys and not words:
            found = [key for key in keys if key]
            pairs: list[ast.expr] = [
                ast.Tuple(elts=[key, value], ctx=ast.Load())
                for key, value in zip(found, values, strict=True)
            ]
            listed = {"items": pairs, "keys": found, "values": [*values]}.get(attr)
            if listed is not None:
                made = ast.List(elts=listed, ctx=ast.Load())
                return ast.copy_location(made, node)
            return item_of(owner, arguments[0]) if attr == "get" and arguments else None
        case ast.Constant(str(text)) if attr in _OF_TEXTS:
            named = {word.arg or "": word.value for word in words}
            given = (*arguments, *named.values())
            sizes = [_length(each) for argument in given for each in ast.walk(argument)]
            if all(map(is_known, given)) and is_short(text, attr, sum(sizes)):
                return computed(
                    lambda: getattr(text, attr)(
                        *map(value_of, arguments),
                        **{name: value_of(value) for name, value in named.items()},
                    ),
                    node,
                )
    return None


def items_of(name: str, node: ast.Call) -> ast.expr | None:
    """The result of a built-in function for the items of literals; None if unknown."""
    listed = [elements(each) for each in node.args]
    if name == "range":
        if not all(isinstance(each, ast.Constant) for each in node.args):
            return None
        try:
            numbers = range(*map(value_of, node.args))
        except (TypeError, ValueError):
            return None
        if numbers[LONGEST_LIST:]:
            return None
        texts = [ast.Constant(number) for number in numbers]
        return ast.copy_location(ast.List(elts=[*texts], ctx=ast.Load()), node)
    if not listed or None in listed:
        return None
    columns = [each for each in listed if each is not None]
    if sum(map(len, columns)) > LARGEST:
        return None
    if name == "zip":
        rows = [list(row) for row in zip(*columns, strict=False)]
    elif name == "enumerate" and len(columns) == 1:
        rows = [[ast.Constant(at), each] for at, each in enumerate(columns[0])]
    elif len(columns) == 1 and name in _OF_ONE_LIST:
        items = [*columns[0]]
        if name == "sorted":
            if not all(map(is_text, items)):
                return None
            items = sorted(items, key=value_of)
        elif name == "reversed":
            items = items[::-1]
        return ast.copy_location(ast.List(elts=items, ctx=ast.Load()), node)
    else:
        return None
    pairs: list[ast.expr] = [ast.Tuple(elts=row, ctx=ast.Load()) for row in rows]
    return ast.copy_location(ast.List(elts=pairs, ctx=ast.Load()), node)


_OF_ONE_LIST = frozenset({"list", "tuple", "set", "reversed", "sorted"})
OF_ITEMS = _OF_ONE_LIST | {"range", "zip", "enumerate"}
_OF_TEXTS = frozenset(
    """
    capitalize endswith format join lower lstrip removeprefix removesuffix replace
    rstrip split startswith strip title upper
    """.split()  # noqa: SIM905
)
COMPARED: Mapping[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: lambda one, other: type(one) is type(other) and one == other,
    ast.IsNot: lambda one, other: type(one) is not type(other) or one != other,
    ast.In: lambda one, many: one in many,  # type: ignore[operator]
    ast.NotIn: lambda one, many: one not in many,  # type: ignore[operator]
}


def flat(nodes: list[ast.expr]) -> list[ast.expr]:
    """`nodes` with known lists after `*` replaced by their items, cut off after
    `LARGEST` + 1 items."""
    return [*islice(_flat(nodes), LARGEST + 1)]


def _flat(nodes: list[ast.expr]) -> Iterator[ast.expr]:
    for node in nodes:
        items = elements(node.value) if isinstance(node, ast.Starred) else None
        yield from [node] if items is None else items


def flat_keywords(words: list[ast.keyword]) -> Iterator[ast.keyword]:
    for word in words:
        match word:
            case ast.keyword(arg=None, value=ast.Dict(keys=keys, values=values)) if all(
                isinstance(key, ast.Constant) for key in keys
            ):
                for key, value in zip(keys, values, strict=True):
                    assert isinstance(key, ast.Constant)
                    yield ast.keyword(str(key.value), value)
            case _:
                yield word


def list_items(node: ast.expr) -> list[ast.expr] | None:
    return elements(node) if isinstance(node, ast.List | ast.Tuple) else None


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _length(node: ast.AST) -> int:
    match node:
        case ast.Constant(str(text)):
            return len(text)
    return 1


def is_known(node: ast.expr) -> bool:
    """Whether the expression is a literal without names."""
    match node:
        case ast.Constant():
            return True
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return all(map(is_known, items))
        case ast.Dict(keys=keys, values=values):
            return all(key and is_known(key) for key in keys) and all(
                map(is_known, values)
            )
    return False


def value_of(node: ast.expr) -> Any:  # noqa: ANN401
    return ast.literal_eval(node)


def computed(compute: Callable[[], object], node: ast.expr) -> ast.expr:
    try:
        value = compute()
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        return node
    except UNREADABLE:
        return node
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return node
    if isinstance(value, list):
        made = ast.List(elts=[ast.Constant(each) for each in value], ctx=ast.Load())
        return ast.copy_location(made, node)
    return constant(value, node)


def constant(value: object, node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Constant(value), node)  # type: ignore[arg-type]
