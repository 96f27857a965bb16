"""Keys that identify statements among their siblings."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.merge.python.source import Source

_DOCSTRING, _FUTURE, _USUAL, _MAIN = range(4)


@dataclass(frozen=True)
class Identity:
    """The fields of a Block that identify a statement."""

    key: str
    order: tuple[object, ...] | None = None
    rank: int = _USUAL
    loose: bool = False
    family: str = ""


def identity(source: Source, line: Sequence[ast.stmt], *, is_first: bool) -> Identity:
    """The identity of the statements on one line. The first statement of a suite may be
    a docstring."""
    node = line[0]
    if len(line) > 1:
        return Identity(_squeezed(source, node, line[-1]))
    match node:
        case ast.Import():
            return _import(node)
        case ast.ImportFrom():
            return _import_from(node)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return Identity(f"def {name}")
        case ast.ClassDef(name=name):
            return Identity(f"class {name}")
        case ast.Expr(value=ast.Constant(value=str())):
            return Identity("docstring", rank=_DOCSTRING if is_first else _USUAL)
        case ast.Expr(value=value):
            return Identity(_expression(source, value))
        case ast.Assign(targets=targets):
            return Identity(" = ".join(_text(source, target) for target in targets))
        case ast.AnnAssign(target=target):
            return Identity(_text(source, target))
        case ast.AugAssign(target=target):
            return Identity(f"{_text(source, target)} +=")
        case ast.If(test=test):
            text = _text(source, test)
            return Identity(f"if {text}", rank=_MAIN if "__name__" in text else _USUAL)
        case ast.While(test=test):
            return Identity(f"while {_text(source, test)}")
        case ast.For(target=target, iter=each) | ast.AsyncFor(target=target, iter=each):
            return Identity(f"for {_text(source, target)} in {_text(source, each)}")
        case ast.With(items=items) | ast.AsyncWith(items=items):
            names = (_text(source, item.context_expr) for item in items)
            return Identity(f"with {', '.join(names)}")
        case ast.Match(subject=subject):
            return Identity(f"match {_text(source, subject)}")
        case ast.Try() | ast.TryStar() | ast.Return() | ast.Raise():
            return Identity(type(node).__name__.lower().removesuffix("star"))
    return Identity(_squeezed(source, node, node))


def _import(node: ast.Import) -> Identity:
    names = ", ".join(
        f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names
    )
    order = (0, names.casefold(), names)
    return Identity(f"import {names}", order if len(node.names) == 1 else None)


def _import_from(node: ast.ImportFrom) -> Identity:
    """The identity of a `from` import. A single `name as other` has its own key, as
    isort writes it separately."""
    module = "." * node.level + (node.module or "")
    first = node.names[0]
    key = f"from {module} import"
    if len(node.names) == 1 and (first.asname or first.name == "*"):
        key += f" {first.name} as" if first.asname else " *"
    return Identity(
        key,
        order=(1, -node.level, module.casefold(), module, first.name),
        rank=_FUTURE if module == "__future__" else _USUAL,
        loose=True,
        family="." if node.level else module.partition(".")[0],
    )


def _expression(source: Source, node: ast.expr) -> str:
    """The key of an expression; for a call, the called name and the first argument."""
    word = ""
    while isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
        word = type(node).__name__.lower()
        if node.value is None:
            return word
        node = node.value
    if not isinstance(node, ast.Call):
        return word or _text(source, node)
    first = _text(source, node.args[0]) if node.args else ""
    return f"{word} {_text(source, node.func)}({first})".lstrip()


def _text(source: Source, node: ast.expr) -> str:
    return _squeezed(source, node, node)


def _squeezed(
    source: Source, first: ast.expr | ast.stmt, last: ast.expr | ast.stmt
) -> str:
    start, end = source.span(first)[0], source.span(last)[1]
    return " ".join(source.text[start:end].split())
