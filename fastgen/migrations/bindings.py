"""Statements that give names of a migration other values, and imported names."""

import ast
import sys

from fastgen.migrations.op_calls import EXECUTING, SCHEMA_METHODS, last_name
from fastgen.migrations.scope import Imported, Namespace

_METHODS = (*SCHEMA_METHODS, *EXECUTING, "batch_alter_table", "f", "get_bind")
_LIBRARIES = ("alembic", "sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector")


def import_name(bound: str, module: str, name: str, scope: Namespace) -> None:
    """Give `bound` the value of an import; `name` is empty for the module itself."""
    scope.names.pop(bound, None)
    top = module.partition(".")[0]
    if (module, name) in (("alembic", "op"), ("alembic.op", "")):
        if bound not in ("op", "alembic"):
            scope.names[bound] = ast.Name("op", ast.Load())
    elif module == "alembic.op":
        for each in _METHODS if name == "*" else (name,):
            method = ast.Attribute(ast.Name("op", ast.Load()), each, ast.Load())
            scope.names[each if name == "*" else bound] = method
    elif top not in _LIBRARIES and top not in sys.stdlib_module_names:
        scope.names[bound] = Imported()


def is_imported(function: ast.expr, scope: Namespace) -> bool:
    """Whether it is `helpers.add_columns` or `add_columns`, which is imported."""
    while isinstance(function, ast.Attribute | ast.Call):
        function = (
            function.value if isinstance(function, ast.Attribute) else function.func
        )
    return isinstance(function, ast.Name) and isinstance(
        scope.names.get(function.id), Imported
    )


def is_log(call: ast.Call) -> bool:
    return last_name(call.func) in ("debug", "info", "warning", "error", "exception")


def forget_changed(value: ast.expr, scope: Namespace) -> None:
    """Forget the value of a list or a dict that one of its methods changes."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(name), attr=attr)) if (
            attr in _CHANGING
        ):
            forget(name, scope)


def forget(name: str, scope: Namespace) -> None:
    """Forget the value of `name`, under other names too where it can change."""
    value = scope.names.pop(name, None)
    if isinstance(value, ast.List | ast.Dict | ast.Set):
        for other in [each for each, known in scope.names.items() if known is value]:
            del scope.names[other]


_CHANGING = frozenset(
    "append extend insert update add pop remove clear sort reverse setdefault".split()  # noqa: SIM905
)
