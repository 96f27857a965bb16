"""Where a name stands for one binding: Python's scopes, as far as renaming needs."""

import ast
from collections.abc import Iterator

from fastgen.merge.python.toplevel import Imported

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class NotSure(Exception):
    """A name is bound in a way that renaming does not follow."""


def references(scope: Scope, name: str) -> list[ast.Name]:
    """The nodes in `scope` that mean its own variable `name`. Raises NotSure where the
    name is also bound by a class, a comprehension or a statement such as `global`."""
    found: list[ast.Name] = []
    for statement in scope.body:
        found += _references(statement, name)
    return found


def imports_by_scope(module: ast.Module) -> Iterator[tuple[Scope, Imported]]:
    """The import statements of `module`, each with the scope that it binds names in."""
    waiting: list[tuple[Scope, ast.AST]] = [(module, node) for node in module.body]
    while waiting:
        scope, node = waiting.pop()
        if isinstance(node, Imported):
            yield scope, node
        inner = (
            node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        )
        waiting += [(inner, child) for child in ast.iter_child_nodes(node)]


def assigned_names(tree: ast.Module) -> Iterator[str]:
    """The names that the file gives something itself."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(name, ctx=ast.Store())
                | ast.arg(name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name


def annotation_texts(module: ast.Module) -> Iterator[ast.Constant]:
    """The strings in annotations that are types to be read later."""
    for node in ast.walk(module):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
            yield from _texts(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield from _texts(node.returns)


def _texts(annotation: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(annotation, ast.Constant):
        if isinstance(annotation.value, str):
            yield annotation
        return
    inner = [*ast.iter_child_nodes(annotation)]
    if isinstance(annotation, ast.Subscript):
        name = ast.unparse(annotation.value).rpartition(".")[2]
        if name == "Literal":
            return
        if name == "Annotated" and isinstance(annotation.slice, ast.Tuple):
            inner = annotation.slice.elts[:1]  # type: ignore[assignment]
    for child in inner:
        if isinstance(child, ast.expr):
            yield from _texts(child)


def _references(node: ast.AST, name: str) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        if node.id == name:
            yield node
        return
    if _is_odd(node, name):
        raise NotSure
    inside = [*ast.iter_child_nodes(node)]
    if isinstance(node, _FUNCTIONS) and name in _own_names(node):
        inside = [*_outer_parts(node)]
    elif isinstance(node, ast.ClassDef):
        body = [n for statement in node.body for n in _of_scope(statement)]
        if name in {bound for each in body for bound in bound_by(each)}:
            raise NotSure
    for child in inside:
        yield from _references(child, name)


def _is_odd(node: ast.AST, name: str) -> bool:
    """Whether the node has the name in a place that has no Name node, or binds it in a
    scope that begins in the middle of it."""
    match node:
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name in names
        case ast.ExceptHandler(name=bound) | ast.MatchAs(name=bound):
            return bound == name
        case ast.MatchStar(name=bound) | ast.MatchMapping(rest=bound):
            return bound == name
        case ast.comprehension(target=target):
            return name in _stored(target)
    return False


def _outer_parts(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> Iterator[ast.AST]:
    """What of a function is evaluated outside of it."""
    yield from node.args.defaults
    yield from (default for default in node.args.kw_defaults if default)
    if not isinstance(node, ast.Lambda):
        yield from node.decorator_list
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg) and argument.annotation:
                yield argument.annotation
        if node.returns:
            yield node.returns


def _own_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The names that the function binds in its own scope."""
    arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    body = node.body if isinstance(node.body, list) else []
    inside = [n for statement in body for n in _of_scope(statement)]
    declared = {
        g for n in inside if isinstance(n, ast.Global | ast.Nonlocal) for g in n.names
    }
    return arguments | ({b for n in inside for b in bound_by(n)} - declared)


def _of_scope(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what is in it, without the insides of other scopes."""
    yield node
    if not isinstance(node, _FUNCTIONS | ast.ClassDef | _COMPREHENSIONS):
        for child in ast.iter_child_nodes(node):
            yield from _of_scope(child)


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that `node` itself binds, parameters aside."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0]
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            yield name


def _stored(target: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
