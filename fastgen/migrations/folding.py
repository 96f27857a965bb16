"""Evaluation of expressions in a migration: names are replaced by their values, and
simple literals are computed. No code of the project runs."""

import ast
from copy import deepcopy
from itertools import islice

from fastgen.migrations.bindings import forget_changed
from fastgen.migrations.formats import has_wide_fields
from fastgen.migrations.limits import LARGEST, STATEMENT, TooLarge
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
from fastgen.migrations.op_calls import CallKind, kind_of_call
from fastgen.migrations.scope import Function, Imported, Namespace, Opaque, Value


def folded(node: ast.expr, scope: Namespace) -> ast.expr:
    """`node` with names replaced by their values in `scope`. Raises TooLarge."""
    nodes = [*ast.walk(node)]
    scope.budget.spend(len(nodes))
    forget_changed(nodes, scope)
    found = _Folding(scope).visit(deepcopy(node))
    size = sum(1 for _ in islice(ast.walk(found), LARGEST + 1))
    if size > LARGEST:
        raise TooLarge
    scope.budget.spend(max(size - len(nodes), 0))
    assert isinstance(found, ast.expr)
    return found


def has_effect(node: ast.AST, scope: Namespace) -> bool:
    """Whether evaluating `node` twice differs from once: it calls `op` or a function of
    the project."""
    return any(
        kind_of_call(each) is not CallKind.OTHER or _is_of_project(each.func, scope)
        for each in ast.walk(node)
        if isinstance(each, ast.Call)
    )


def _is_of_project(function: ast.expr, scope: Namespace) -> bool:
    known = scope.names.get(function.id) if isinstance(function, ast.Name) else None
    return isinstance(known, Function | Opaque | Imported)


def bound_arguments(
    function: Function, call: ast.Call, scope: Namespace
) -> dict[str, Value] | None:
    """The names in the body of `function` for `call`; None if an argument matches no
    parameter."""
    spread = any(isinstance(each, ast.Starred) for each in call.args)
    if spread or any(word.arg is None for word in call.keywords):
        return None
    said = function.node.args
    names: dict[str, Value] = dict(scope.names_around(function))
    positional = [*said.posonlyargs, *said.args]
    given: dict[str, ast.expr] = {}
    for parameter, default in zip(
        reversed(positional), reversed(said.defaults), strict=False
    ):
        given[parameter.arg] = default
    for parameter, value in zip(said.kwonlyargs, said.kw_defaults, strict=True):
        if value is not None:
            given[parameter.arg] = value
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
    for name in given:
        names.pop(name, None)
    # If computing a value changes tables, do not compute it again on use.
    seen = {n: value for n, value in given.items() if not has_effect(value, scope)}
    return {**names, **seen}


class _Folding(ast.NodeTransformer):
    def __init__(self, scope: Namespace) -> None:
        self.scope = scope

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.scope.names.get(node.id)
        if not isinstance(node.ctx, ast.Load):
            return node
        if isinstance(value, Imported):
            return deepcopy(self.scope.constants.get(value.dotted, node))
        return value if isinstance(value, ast.expr) else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        return node

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
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
            self.scope.budget.spend(STATEMENT)
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
        return computed(lambda: "".join(filter(None, texts)), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        left, right = node.left, node.right
        match node.op:
            case ast.Add():
                first, second = list_items(left), list_items(right)
                if first is not None and second is not None:
                    if len(first) + len(second) > LARGEST:
                        raise TooLarge
                    both = ast.List(elts=[*first, *second], ctx=ast.Load())
                    return ast.copy_location(both, node)
                if is_text(left) and is_text(right):
                    return computed(lambda: value_of(left) + value_of(right), node)
            case ast.Mod() if is_text(left) and is_known(right):
                if not has_wide_fields(value_of(left)):
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
        ends = isinstance(node.op, ast.Or)
        values: list[ast.expr] = []
        for value in node.values:
            # Known values before the deciding one have no effect.
            values = [each for each in values if truth(each) is None]
            values.append(value)
            if truth(value) is ends:
                break
        node.values = values
        return node if len(values) > 1 else values[0]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
                return constant(-number, node)
            case ast.UnaryOp(ast.Not(), operand) if truth(operand) is not None:
                return constant(not truth(operand), node)
        return node

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
        if has_effect(node.value, self.scope):
            return node
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
        dotted = self._dotted(node)
        return deepcopy(self.scope.constants[dotted]) if dotted else node

    def _dotted(self, node: ast.Attribute) -> str:
        """The dotted name of the project's constant; empty for other attributes."""
        root, _, path = ast.unparse(node).partition(".")
        module = self.scope.names.get(root)
        dotted = f"{module.dotted}.{path}" if isinstance(module, Imported) else ""
        return dotted if dotted in self.scope.constants else ""

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        node.elts = flat(node.elts)
        return node

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        self.generic_visit(node)
        node.elts = flat(node.elts)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        node.args = flat(node.args)
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
            case ast.Call(
                func=ast.Attribute(value=owner, attr=attr), keywords=words
            ) if not has_effect(owner, self.scope):
                return method_result(owner, attr, node.args, words, node) or node
        return node

    def _returned(self, call: ast.Call, name: str) -> ast.expr | None:
        """The return value of a function of the migration without other effects; else
        None."""
        function = self.scope.names[name]
        if not isinstance(function, Function) or self.scope.is_deep:
            return None
        if not isinstance(function.node.body[-1], ast.Return):
            return None
        given = [*call.args, *(word.value for word in call.keywords)]
        if any(has_effect(each, self.scope) for each in given):
            return None
        names = bound_arguments(function, call, self.scope)
        if names is None:
            return None
        inner = self.scope.inner(names)
        for statement in function.node.body:
            match statement:
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Assign(
                    targets=[ast.Name() | ast.Tuple() as target], value=value
                ):
                    found = folded(value, inner)
                    if has_effect(found, inner):
                        return None
                    inner.bind(target, found)
                case ast.Return(value=ast.expr() as value):
                    return folded(value, inner)
                case _:
                    return None
        return None
