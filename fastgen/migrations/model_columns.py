"""Columns that a class of a project declares, read from its source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.migrations.schema import Place

_NO_COLUMN = frozenset(
    """
    AssociationProxy ClassVar Relationship association_proxy backref column_property
    composite dynamic_loader hybrid_property query_expression relationship synonym
    """.split()  # noqa: SIM905
)

_MAPPED = "Mapped"
TABLE = "__tablename__"


@dataclass(frozen=True)
class ModelColumn:
    """A column of a class. `annotation` is the type in `Mapped[...]`."""

    name: str
    """The name in the database."""
    attribute: str
    place: Place
    annotation: ast.expr | None
    value: ast.expr | None
    module: str
    """The module of the class."""
    mapped: bool = True
    """False for a field of SQLModel."""


def table_of(node: ast.ClassDef) -> tuple[str, int] | None:
    """The value of `__tablename__`, with its line; None without one."""
    for statement in node.body:
        match statement:
            case (
                ast.Assign(
                    targets=[ast.Name("__tablename__")], value=ast.Constant(str(table))
                )
                | ast.AnnAssign(
                    target=ast.Name("__tablename__"), value=ast.Constant(str(table))
                )
            ):
                return table, statement.lineno
    return None


def taken_back(node: ast.ClassDef) -> Iterator[str]:
    """The inherited attributes that a class removes by setting them to None."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Constant(None)):
                yield name


def columns_of(
    node: ast.ClassDef, path: str, module: str, *, is_fields: bool
) -> Iterator[ModelColumn]:
    """The columns in the body of the class. With `is_fields`, it is a SQLModel
    class."""
    for statement in node.body:
        found = _declared(statement, is_fields=is_fields)
        if found is None or found.name.startswith("__"):
            continue
        if _called_name(found.value) in _NO_COLUMN:
            continue
        yield ModelColumn(
            _column_name(found.value) or found.name,
            found.name,
            Place(path, statement.lineno),
            found.annotation,
            found.value,
            module,
            mapped=not is_fields,
        )


@dataclass(frozen=True)
class _Declared:
    name: str
    annotation: ast.expr | None
    value: ast.expr | None


def _declared(statement: ast.stmt, *, is_fields: bool) -> _Declared | None:
    """The column that a statement declares; None without one."""
    match statement:
        case ast.AnnAssign(target=ast.Name(name), annotation=said, value=value):
            annotation = _quoted(said)
            kind = bare_name(annotation)
            if kind in _NO_COLUMN or name == "model_config":
                return None
            if kind == _MAPPED:
                return _Declared(name, _inner(annotation), value)
            if is_fields or _makes_column(value):
                return _Declared(name, annotation, value)
        case ast.Assign(targets=[ast.Name(name)], value=value):
            if _makes_column(value):
                return _Declared(name, None, value)
        case ast.FunctionDef(name=name, decorator_list=[decorator, *_]):
            if bare_name(decorator) in ("declared_attr", "directive"):
                nodes = ast.walk(statement)
                values = [n.value for n in nodes if isinstance(n, ast.Return)]
                value = values[0] if len(values) == 1 else None
                return _Declared(name, _inner(statement.returns), value)
    return None


def _inner(annotation: ast.expr | None) -> ast.expr | None:
    """The type in `Mapped[...]`."""
    return annotation.slice if isinstance(annotation, ast.Subscript) else None


def _quoted(node: ast.expr) -> ast.expr:
    """The annotation, parsed if it is quoted."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return node
    try:
        return ast.parse(node.value, mode="eval").body
    except SyntaxError:
        return node


def _makes_column(value: ast.expr | None) -> bool:
    return _called_name(value) in ("Column", "mapped_column")


def _called_name(value: ast.expr | None) -> str:
    return bare_name(value.func) if isinstance(value, ast.Call) else ""


def _column_name(value: ast.expr | None) -> str:
    """The name in `mapped_column("name", ...)`; empty if it is the attribute's name."""
    match value:
        case ast.Call(args=[ast.Constant(str(name)), *_]) if _makes_column(value):
            return name
        case ast.Call(keywords=words):
            for word in words:
                match word:
                    case ast.keyword("name", ast.Constant(str(name))):
                        return name
                    case ast.keyword("sa_column", ast.Call() as inner):
                        return _column_name(inner)
                    case ast.keyword("sa_column_kwargs", ast.Dict() as given):
                        for key, each in zip(given.keys, given.values, strict=True):
                            match key, each:
                                case ast.Constant("name"), ast.Constant(str(name)):
                                    return name
    return ""


def bare_name(node: ast.expr) -> str:
    """The last part of a dotted name, a call or a subscripted type."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(attr=attr):
            return attr
        case ast.Subscript(value=value):
            return bare_name(value)
        case ast.Call(func=function):
            return bare_name(function)
    return ""
