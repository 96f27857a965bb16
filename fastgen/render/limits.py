"""A limit for the work of a template, so that a module cannot exhaust CPU or memory.

The limit counts operations (loop iterations, calls, filters, operators, text) instead
of time, so a template that renders does so on every machine.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from jinja2 import nodes
from jinja2.filters import do_format
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

WORK = 10_000_000
"""The limit, in written characters; other operations have a cost in the same unit. The
built-in templates need a few thousand."""

_STEP = 100
_AT_ONCE = 10 * WORK
_LONGEST_INTEGER = 10_000  # bits
_BY_CHANCE = ("lipsum", "random")
_LOOP, _JOIN = "turns of a loop", "joined"
_WIDE_FIELD = re.compile(r"\{[^{}]*\d{5}")
_WIDE_PERCENT = re.compile(r"%[^a-zA-Z%]*(?:\d{5}|\*)")

_spent: ContextVar[int] = ContextVar("spent", default=0)


class TooMuch(Exception):
    """The error of a template that exceeds the limit."""

    def __init__(self) -> None:
        super().__init__("it computes more than a template may; make its loops smaller")


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox with limited work and without random functions."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(finalize=_written, **options)
        for name in _BY_CHANCE:
            self.globals.pop(name, None)
            self.filters.pop(name, None)
        bounded = {name: _bounded(each) for name, each in self.filters.items()}
        own = {_LOOP: _turns, _JOIN: _joined, "format": _formatted}
        self.filters = {**bounded, **own}
        self._safe: dict[tuple[type, str], bool] = {}

    def _parse(self, *arguments: Any) -> nodes.Template:  # noqa: ANN401
        tree = super()._parse(*arguments)
        return _Counting().visit(tree)  # type: ignore[no-any-return]

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """The result of the sandbox, cached: it depends only on the type and the name,
        and templates read thousands of attributes of a few types."""
        key = (type(obj), attr)
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return self._safe[key]

    def call(
        __self,  # noqa: N805 (a template may name an argument `self`)
        __context: Context,
        __obj: Any,  # noqa: ANN401
        *arguments: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if isinstance(__obj, LoopContext):  # a recursive loop
            arguments = tuple(_turns(each) for each in arguments)
        owner = getattr(__obj, "__self__", "")
        _foresee(owner, *arguments, *named.values())
        return super().call(__context, __obj, *arguments, **named)

    def call_binop(
        self,
        context: Context,
        operator: str,
        left: Any,  # noqa: ANN401
        right: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if operator == "+":
            _spend(_size(left) + _size(right) if not isinstance(left, int) else 1)
        elif isinstance(left, int) and isinstance(right, int):
            grown = right if operator == "**" else 1
            if left.bit_length() * grown + right.bit_length() > _LONGEST_INTEGER:
                raise TooMuch
        elif operator == "%" and _WIDE_PERCENT.search(str(left)):
            raise TooMuch
        else:
            _foresee(left, right)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:  # noqa: ANN401
        wrapped = super().wrap_str_format(value)
        if wrapped and _WIDE_FIELD.search(str(value.__self__)):
            raise TooMuch
        return wrapped


def bounded_work() -> None:
    """Reset the counter for a new template."""
    _spent.set(0)


class _Counting(NodeTransformer):
    """Passes each loop and each `~` through a counting filter."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 (jinja2's name)
        self.generic_visit(node)
        data = node.find_all(nodes.TemplateData)
        length = nodes.Const(sum(len(each.data) for each in data))
        node.iter = _filter(node.iter, _LOOP, [length], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        first, *others = node.nodes
        return _filter(first, _JOIN, others, node.lineno)


def _filter(
    node: nodes.Node, name: str, arguments: list[nodes.Expr], line: int
) -> nodes.Filter:
    assert isinstance(node, nodes.Expr)
    return nodes.Filter(node, name, arguments, [], None, None, lineno=line)


def _turns(values: Iterable[Any], length: int = 0) -> Iterator[Any]:
    for value in values:
        _spend(_STEP + length)
        yield value


def _joined(*values: object) -> str:
    texts = [str(value) for value in values]
    _spend(sum(map(len, texts)))
    return "".join(texts)


def _formatted(value: str, *arguments: Any, **named: Any) -> str:  # noqa: ANN401
    if _WIDE_PERCENT.search(str(value)):
        raise TooMuch
    return str(do_format(value, *arguments, **named))


def _written(value: object) -> object:
    if isinstance(value, str):
        _spend(len(value))
    return value


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    def bounded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        values = [a for a in arguments if not isinstance(a, _CONTEXTS)]
        _foresee(*values, *named.values())
        return function(*arguments, **named)

    # Keep the attributes by which Jinja passes the environment or the context.
    vars(bounded).update(getattr(function, "__dict__", {}))
    return bounded


def _foresee(*values: object) -> None:
    """Count a call in advance. In the worst case its result is as large as the product
    of the sizes of `values`; usually it is far smaller."""
    product = 1
    for value in values:
        product *= max(1, _size(value))
        if product > _AT_ONCE:
            raise TooMuch
    _spend(_STEP + product // 100)


def _size(value: object) -> int:
    if isinstance(value, int):
        return abs(value)
    if isinstance(value, str | list | tuple | dict | range):
        return len(value)
    return 1


def _spend(work: int) -> None:
    spent = _spent.get() + work
    _spent.set(spent)
    if spent > WORK:
        raise TooMuch


_CONTEXTS = (Context, ImmutableSandboxedEnvironment, nodes.EvalContext)
