"""Expressions of a migration with the values of names in place of the names; literals
are computed, as far as they are simple. No code of the project runs."""

import ast
from copy import deepcopy
from dataclasses import replace

from fastgen.migrations.literals import (
    COMPARED,
    OF_ITEMS,
    computed,
    constant,
    elements,
    flat,
    flat_keywords,
    formatted_part,
    is_known,
    is_text,
    item_of,
    items_of,
    list_items,
    method_result,
    truth,
    value_of,
)
from fastgen.migrations.scope import Function, Namespace, TooLarge, Value

_SIZE = 5_000
"""Nodes of an expression after its names were replaced."""


def folded(node: ast.expr, scope: Namespace) -> ast.expr:
    """`node` with its names replaced by their values in `scope`. Raises TooLarge."""
    found = _Folding(scope).visit(deepcopy(node))
    if sum(1 for _ in ast.walk(found)) > _SIZE:
        raise TooLarge
    assert isinstance(found, ast.expr)
    return found


def bound_arguments(
    function: Function, call: ast.Call, scope: Namespace
) -> dict[str, Value] | None:
    """The names that the body of `function` sees when `call` calls it; None where an
    argument cannot be assigned to a parameter."""
    spread = any(isinstance(each, ast.Starred) for each in call.args)
    if spread or any(word.arg is None for word in call.keywords):
        return None
    said = function.node.args
    names: dict[str, Value] = dict(function.names)
    positional = [*said.posonlyargs, *said.args]
    given: dict[str, ast.expr] = {}
    for parameter, default in zip(
        reversed(positional), reversed(said.defaults), strict=False
    ):
        given[parameter.arg] = default
    for parameter, value in zip(said.kwonlyargs, said.kw_defaults, strict=True):
        if value is not None:
            given[parameter.arg] = value
    outer = replace(scope, names=dict(function.names))
    given = {name: folded(value, outer) for name, value in given.items()}
    for parameter, value in zip(positional, call.args, strict=False):
        given[parameter.arg] = value
    parameters = {each.arg for each in (*positional, *said.kwonlyargs)}
    rest = call.args[len(positional) :]
    others: list[ast.keyword] = []
    for word in call.keywords:
        if word.arg in parameters:
            given[word.arg or ""] = word.value
        else:
            others.append(word)
    if said.vararg:
        given[said.vararg.arg] = ast.Tuple(elts=rest, ctx=ast.Load())
    if said.kwarg:
        given[said.kwarg.arg] = ast.Dict(
            keys=[ast.Constant(word.arg) for word in others],
            values=[word.value for word in others],
        )
    too_many = (rest and not said.vararg) or (others and not said.kwarg)
    if too_many or parameters - given.keys():
        return None
    return {**names, **given}


class _Folding(ast.NodeTransformer):
    def __init__(self, scope: Namespace) -> None:
        self.scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.scope.names.get(node.id)
        return value if isinstance(value, ast.expr) else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self._comprehended(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return self._comprehended(node)

    def _comprehended(self, node: ast.ListComp | ast.GeneratorExp) -> ast.expr:
        first, *others = node.generators
        first.iter = self.visit(first.iter)
        items = elements(first.iter)
        if items is None or others:
            return node
        found = []
        for item in items:
            scope = self.scope.copy()
            scope.bind(first.target, item)
            tests = [truth(folded(test, scope)) for test in first.ifs]
            if None in tests:
                return node
            if all(tests):
                found.append(folded(node.elt, scope))
        return ast.copy_location(ast.List(elts=found, ctx=ast.Load()), node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        self.generic_visit(node)
        texts = [formatted_part(each) for each in node.values]
        if None in texts:
            return node
        return constant("".join(filter(None, texts)), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = node.left, node.right
        match node.op:
            case ast.Add():
                first, second = list_items(left), list_items(right)
                if first is not None and second is not None:
                    both = ast.List(elts=[*first, *second], ctx=ast.Load())
                    return ast.copy_location(both, node)
                if is_text(left) and is_text(right):
                    return constant(value_of(left) + value_of(right), node)
            case ast.Mod() if is_text(left) and is_known(right):
                return computed(lambda: value_of(left) % value_of(right), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) != 1 or not is_known(node.left):
            return node
        compare = COMPARED.get(type(node.ops[0]))
        (right,) = node.comparators
        if compare is None or not is_known(right):
            return node
        return computed(lambda: compare(value_of(node.left), value_of(right)), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        known = [truth(each) for each in node.values]
        ends = isinstance(node.op, ast.Or)
        if ends in known:
            return constant(ends, node)
        if None not in known:
            return constant(not ends, node)
        # What stands before the first unknown value does not decide.
        first, *others = node.values[known.index(None) :]
        node.values = [first, *others]
        return node if others else first

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        known = truth(node.operand) if isinstance(node.op, ast.Not) else None
        return node if known is None else constant(not known, node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        known = truth(node.test)
        if known is None:
            return node
        return node.body if known else node.orelse

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Call(func=ast.Name("globals")), slice=ast.Constant(str(name))
            ):
                return ast.copy_location(ast.Name(name, ast.Load()), node)
        return item_of(node.value, node.slice) or node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Attribute(value=ast.Name("alembic"), attr="op"):
                return ast.copy_location(ast.Name("op", ast.Load()), node)
            case ast.Attribute(
                value=ast.Attribute(attr="dialect" | "engine"), attr="name"
            ) if self.scope.dialect:
                return constant(self.scope.dialect, node)
        return node

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        node.elts = [*flat(node.elts)]
        return node

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        self.generic_visit(node)
        node.elts = [*flat(node.elts)]
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        node.args = [*flat(node.args)]
        node.keywords = [*flat_keywords(node.keywords)]
        match node:
            case ast.Call(func=ast.Attribute(attr="f"), args=[inner], keywords=[]):
                return inner
            case ast.Call(func=ast.Name(name)) if name in self.scope.names:
                return self._returned(node, name) or node
            case ast.Call(func=ast.Name(name), keywords=words) if (
                name in OF_ITEMS
                and all((name, word.arg) == ("zip", "strict") for word in words)
            ):
                return items_of(name, node) or node
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), keywords=words):
                return method_result(owner, attr, node.args, words, node) or node
        return node

    def _returned(self, call: ast.Call, name: str) -> ast.expr | None:
        """What a function of the migration returns, if it does nothing else."""
        function = self.scope.names[name]
        if not isinstance(function, Function) or self.scope.is_deep:
            return None
        if not isinstance(function.node.body[-1], ast.Return):
            return None
        names = bound_arguments(function, call, self.scope)
        if names is None:
            return None
        inner = self.scope.inner(names)
        for statement in function.node.body:
            match statement:
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Assign(targets=[target], value=value):
                    inner.bind(target, folded(value, inner))
                case ast.Return(value=ast.expr() as value):
                    return folded(value, inner)
                case _:
                    return None
        return None
