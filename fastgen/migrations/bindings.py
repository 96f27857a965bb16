"""Statements that assign names in a migration, including imports."""

import ast
import sys
from collections.abc import Iterable, Iterator

from fastgen.migrations.literals import make_unknown
from fastgen.migrations.op_calls import EXECUTING, SCHEMA_METHODS
from fastgen.migrations.scope import Imported, Library, Namespace

_METHODS = (*SCHEMA_METHODS, *EXECUTING, "batch_alter_table", "f", "get_bind")
_LIBRARIES = ("alembic", "sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector")


def import_name(bound: str, module: str, name: str, scope: Namespace) -> None:
    """Bind `bound` to an imported name; an empty `name` means the module itself."""
    scope.give(bound, None)
    top = module.partition(".")[0]
    if (module, name) in (("alembic", "op"), ("alembic.op", "")):
        if bound not in ("op", "alembic"):
            scope.give(bound, ast.Name("op", ast.Load()))
    elif module == "alembic.op":
        for each in _METHODS if name == "*" else (name,):
            method = ast.Attribute(ast.Name("op", ast.Load()), each, ast.Load())
            scope.give(each if name == "*" else bound, method)
    elif top in _LIBRARIES or top in sys.stdlib_module_names:
        scope.give(bound, Library())
    else:
        scope.give(bound, Imported(f"{module}.{name}" if name else module))


def names_changed_by_functions(module: ast.Module) -> frozenset[str]:
    return frozenset(
        name
        for node in ast.walk(module)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    )


def forget_changed(nodes: Iterable[ast.AST], scope: Namespace) -> None:
    """Forget the values that expressions in `nodes` change: names, lists and dicts."""
    nodes = [*nodes]
    for node in nodes:
        if isinstance(node, ast.NamedExpr):
            scope.bind(node.target, None)
    for owner in changed_owners(nodes):
        forget_items(owner, scope)


def changed_owners(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """The lists and dicts that expressions in `nodes` change."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if (
                attr in _CHANGING
            ):
                yield owner
            case (
                ast.Subscript(value=owner, ctx=ast.Store() | ast.Del())
                | ast.Attribute(value=owner, ctx=ast.Store() | ast.Del())
            ):
                yield owner


def forget_stored(body: Iterable[ast.AST], scope: Namespace) -> None:
    """Forget the values of all names that the code in `body` may change."""
    for statement in body:
        nodes = [*ast.walk(statement)]
        forget_changed(nodes, scope)
        for node in nodes:
            match node:
                case ast.Name(ctx=ast.Store() | ast.Del()):
                    scope.bind(node, None)
                case ast.AugAssign(target=target):
                    forget_items(target, scope)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    scope.give(name, None)
                case (
                    ast.ExceptHandler(name=str(name))
                    | ast.MatchAs(name=str(name))
                    | ast.MatchStar(name=str(name))
                    | ast.MatchMapping(rest=str(name))
                ):
                    scope.give(name, None)
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    for alias in names:
                        scope.give(alias.asname or alias.name.partition(".")[0], None)


def forget_items(owner: ast.expr, scope: Namespace) -> None:
    """Forget the items of the list or dict that `owner` is or belongs to."""
    while isinstance(owner, ast.Attribute | ast.Subscript | ast.Call):
        owner = owner.func if isinstance(owner, ast.Call) else owner.value
    value = scope.names.get(owner.id) if isinstance(owner, ast.Name) else None
    if isinstance(value, ast.expr):
        make_unknown(value)


_CHANGING = frozenset(
    """
    add append clear discard extend insert pop popitem remove reverse setdefault sort
    update
    """.split()  # noqa: SIM905
)
