"""Brackets and their content: elements, arguments, parameters, names."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastgen.merge.python.source import Source
from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.brackets import Piece, end_of_trivia, grouped

_PARAMETER = re.compile(r"\**\s*\w*|/")

Parts = tuple[str | Group, ...]


@dataclass(frozen=True)
class Element:
    """A piece between two commas: its key, and the value at whose brackets it can be
    split."""

    key: str
    value: ast.expr | None = None
    order: tuple[object, ...] | None = None
    rank: int = 0
    title: str = ""
    is_unordered: bool = False


def expression_parts(
    source: Source, node: ast.expr | None, start: int, end: int
) -> Parts:
    """The text from `start` to `end`, split at the brackets of the value `node`."""
    while isinstance(node, ast.Await | ast.Starred | ast.Yield | ast.YieldFrom):
        node = node.value
    found = _container(source, node) if node else None
    if found is None:
        return (source.text[start:end],)
    opener, kind, elements, head = found
    closer = source.closers[opener]
    group = bracket_group(source, opener, kind, elements, head)
    if group is None:
        return (source.text[start:end],)
    return (source.text[start:opener], group, source.text[closer + 1 : end])


def _container(
    source: Source, node: ast.expr
) -> tuple[int, Kind, list[Element], str] | None:
    """The opening bracket, the kind of brackets, the elements and the head; None if
    `node` has no elements to split."""
    start, end = source.span(node)
    match node:
        case ast.Call(args=[ast.GeneratorExp()], keywords=[]):
            return None
        case ast.Call():
            opener = source.opener(source.span(node.func)[1])
            elements = call_elements(source, node.args, node.keywords)
            return opener, Kind.CALL, elements, _called(source, node.func)
        case ast.List() | ast.Set():
            elements = [_element(source, item) for item in node.elts]
            return start, Kind.LIST, elements, type(node).__name__
        case ast.Tuple() if source.closers.get(start) == end - 1:
            elements = [_element(source, item) for item in node.elts]
            dicts = [item for item in node.elts if isinstance(item, ast.Dict)]
            if dicts and dicts == node.elts[-1:]:  # SQLAlchemy's options of a table
                elements[-1] = replace(elements[-1], rank=1)
            return start, Kind.TUPLE, elements, "Tuple"
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            elements = [_item(source, *pair) for pair in pairs]
            return start, Kind.LIST, elements, "Dict"
    return None


def _called(source: Source, function: ast.expr) -> str:
    """The last name of a called function, or the text of the called expression."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return _plain(source, function)


def call_elements(
    source: Source, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]
) -> list[Element]:
    """The arguments in the order of the text; a starred argument may follow a
    keyword."""
    found: list[tuple[tuple[int, int], Element]] = []
    for index, arg in enumerate(args):
        starred = isinstance(arg, ast.Starred)
        key = _plain(source, arg) if starred else str(index)
        element = Element(key, arg, title=f"argument {index + 1}")
        found.append(((arg.lineno, arg.col_offset), element))
    for keyword in keywords:
        key = keyword.arg or f"**{_plain(source, keyword.value)}"
        is_named = keyword.arg is not None
        rank = 1 if is_named else 2
        element = Element(key, keyword.value, rank=rank, is_unordered=is_named)
        found.append(((keyword.lineno, keyword.col_offset), element))
    return [element for _, element in sorted(found, key=lambda pair: pair[0])]


def base_elements(source: Source, node: ast.ClassDef) -> list[Element]:
    bases = [Element(_plain(source, base)) for base in node.bases]
    keywords = [Element(k.arg or "**", rank=1) for k in node.keywords]
    return bases + keywords


def _element(source: Source, node: ast.expr) -> Element:
    key = _plain(source, node)
    value = node.value if isinstance(node, ast.Constant) else None
    text = value if isinstance(value, str) else key
    return Element(key, order=_isort_order(text), title=key)


def _item(source: Source, key: ast.expr | None, value: ast.expr) -> Element:
    if key is None:
        return Element(f"**{_plain(source, value)}", rank=0)
    return Element(_plain(source, key), value, is_unordered=True)


def _plain(source: Source, node: ast.expr) -> str:
    """A key that does not depend on quotes and line breaks."""
    if isinstance(node, ast.Constant):
        return repr(node.value)
    start, end = source.span(node)
    return " ".join(source.text[start:end].split())


def bracket_group(
    source: Source,
    opener: int,
    kind: Kind,
    elements: Sequence[Element] | None,
    head: str = "",
) -> Group | None:
    """The brackets at `opener` with their elements, or None if they cannot be split.

    Without `elements`, the pieces are parameters with their names as keys.
    """
    text, closer = source.text, source.closers[opener]
    pieces: list[Piece] = []
    at = opener + 1
    for stop in [*source.commas[opener], closer]:
        start = end_of_trivia(text, at)
        if start >= stop:
            break
        if elements is None:
            name = _PARAMETER.match(text, start)
            element = Element(name[0] if name else "")
        elif len(pieces) < len(elements):
            element = elements[len(pieces)]
        else:
            return None
        end = source.token_end(closer) if stop == closer else stop
        pieces.append(
            Piece(
                Block(
                    key=element.key,
                    parts=expression_parts(source, element.value, start, end),
                    separator="" if stop == closer else ",",
                    line=source.line(start),
                    order=element.order,
                    rank=element.rank,
                    is_unordered=element.is_unordered,
                    title=element.title,
                ),
                start,
                end,
            )
        )
        at = stop + 1
    if elements is not None and len(elements) != len(pieces):
        return None
    group = grouped(text, opener, closer, kind, pieces)
    return replace(group, heads=(head,) if head else ())


def names_group(source: Source, node: ast.ImportFrom) -> tuple[str, Group, str] | None:
    """The statement split at the imported names, or None if it cannot be split."""
    start, end = source.span(node)
    text = source.text
    elements = [_name(alias) for alias in node.names]
    first, last = source.span(node.names[0])[0], source.span(node.names[-1])[1]
    if end > last:
        opener = source.opener(start)
        group = bracket_group(source, opener, Kind.NAMES, elements)
        return (text[start:opener], group, "") if group else None
    at = first
    children = []
    for alias, element in zip(node.names, elements, strict=True):
        begin, stop = source.span(alias)
        indent = text[at:begin].removeprefix(",")
        if indent.strip():
            return None
        children.append(
            Block(
                key=element.key,
                parts=(text[begin:stop],),
                indent=indent,
                separator="," if stop < last else "",
                line=alias.lineno,
                order=element.order,
            )
        )
        at = stop
    margin = source.margin(start)
    group = Group(tuple(children), Kind.NAMES, margin=margin, inner=margin)
    return text[start:first], group, ""


def _name(alias: ast.alias) -> Element:
    name = alias.name
    key = f"{name} as {alias.asname}" if alias.asname else name
    return Element(key, order=_isort_order(name))


def _isort_order(name: str) -> tuple[int, str, str]:
    """The sort key of isort for imported names, and of ruff for `__all__`: constants,
    classes, other names."""
    rank = 2
    if name.isidentifier():
        rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, name.casefold(), name
