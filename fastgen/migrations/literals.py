"""Literals of Python as nodes of a syntax tree: their items, and what operators,
methods and built-in functions make of them."""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_LONGEST = 1000
"""Items of a `range` that is read."""


def elements(node: ast.expr) -> list[ast.expr] | None:
    """The items of a literal that a loop goes through; None where they are unknown."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            is_known = not any(isinstance(each, ast.Starred) for each in items)
            return items if is_known else None
        case ast.Dict(keys=keys):
            return [key for key in keys if key] if None not in keys else None
    return None


def truth(node: ast.expr) -> bool | None:
    """Whether a folded condition holds; None where that is unknown."""
    if not is_known(node):
        return None
    try:
        return bool(value_of(node))
    except (TypeError, ValueError):  # a set of lists
        return None


def formatted_part(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.FormattedValue(
            value=ast.Constant(value), conversion=-1, format_spec=None
        ):
            return str(value)
    return None


def item_of(owner: ast.expr, key: ast.expr) -> ast.expr | None:
    match owner, key:
        case ast.Dict(keys=keys, values=values), ast.Constant(wanted):
            for each, value in zip(keys, values, strict=True):
                if isinstance(each, ast.Constant) and each.value == wanted:
                    return value
        case ((ast.List(elts=items) | ast.Tuple(elts=items)), ast.Constant(int(at))):
            is_flat = not any(isinstance(each, ast.Starred) for each in items)
            return items[at] if is_flat and at < len(items) else None
    return None


def method_result(
    owner: ast.expr,
    attr: str,
    arguments: list[ast.expr],
    words: list[ast.keyword],
    node: ast.Call,
) -> ast.expr | None:
    """What a method of a literal returns."""
    match owner:
        case ast.Dict(keys=keys, values=values) if None not in keys and not words:
            found = [key for key in keys if key]
            pairs: list[ast.expr] = [
                ast.Tuple(elts=[key, value], ctx=ast.Load())
                for key, value in zip(found, values, strict=True)
            ]
            listed = {"items": pairs, "keys": found, "values": values}.get(attr)
            if listed is not None:
                made = ast.List(elts=listed, ctx=ast.Load())
                return ast.copy_location(made, node)
            return item_of(owner, arguments[0]) if attr == "get" and arguments else None
        case ast.Constant(str(text)) if attr in _OF_TEXTS:
            named = {word.arg or "": word.value for word in words}
            if all(map(is_known, (*arguments, *named.values()))):
                return computed(
                    lambda: getattr(text, attr)(
                        *map(value_of, arguments),
                        **{name: value_of(value) for name, value in named.items()},
                    ),
                    node,
                )
    return None


def items_of(name: str, node: ast.Call) -> ast.expr | None:
    """What a built-in function makes of the items of literals."""
    listed = [elements(each) for each in node.args]
    if name == "range":
        if not all(isinstance(each, ast.Constant) for each in node.args):
            return None
        try:
            numbers = range(*map(value_of, node.args))
        except (TypeError, ValueError):
            return None
        if numbers[_LONGEST:]:
            return None
        texts = [ast.Constant(number) for number in numbers]
        return ast.copy_location(ast.List(elts=[*texts], ctx=ast.Load()), node)
    if not listed or None in listed:
        return None
    columns = [each for each in listed if each is not None]
    if name == "zip":
        rows = [list(row) for row in zip(*columns, strict=False)]
    elif name == "enumerate" and len(columns) == 1:
        rows = [[ast.Constant(at), each] for at, each in enumerate(columns[0])]
    elif len(columns) == 1 and name in _OF_ONE_LIST:
        items = columns[0]
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
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
    ast.In: lambda one, many: one in many,  # type: ignore[operator]
    ast.NotIn: lambda one, many: one not in many,  # type: ignore[operator]
}


def flat(nodes: list[ast.expr]) -> Iterator[ast.expr]:
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


def is_known(node: ast.expr) -> bool:
    """Whether it is a literal without any name."""
    match node:
        case ast.Constant():
            return True
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return all(map(is_known, items))
    return False


def value_of(node: ast.expr) -> Any:  # noqa: ANN401
    return ast.literal_eval(node)


def computed(compute: Callable[[], object], node: ast.expr) -> ast.expr:
    try:
        value = compute()
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        return node
    if isinstance(value, list):
        made = ast.List(elts=[ast.Constant(each) for each in value], ctx=ast.Load())
        return ast.copy_location(made, node)
    return constant(value, node)


def constant(value: object, node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Constant(value), node)  # type: ignore[arg-type]
