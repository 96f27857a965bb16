"""Columns that the user declared, as written in migrations."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastgen.migrations.column_types import FAMILY_OF, OF_PYTHON
from fastgen.migrations.model_columns import ModelColumn, bare_name
from fastgen.migrations.project_models import ProjectModels
from fastgen.resources.tables import Column, ForeignKey
from fastgen.resources.types import JSON

_OF_ROWS = frozenset(
    """
    active_history alias default default_factory deferred description doc exclude
    gt ge lt le info init insert_default kw_only min_length onupdate repr sort_order
    title use_existing_column key
    """.split()  # noqa: SIM905
)
"""Keywords without effect on the database."""

_IN_DATABASE = {
    *("func.now()", "func.current_timestamp()", "func.gen_random_uuid()"),
    *("true()", "false()"),
}
_OF_PROJECT = {"gen_random_uuid()": "sa.func.gen_random_uuid()"}
"""Functions that a project has a class for."""


_SAME_NAME = {"AutoString": "String", "FixedDecimal": "Numeric"}


class _Unreadable(Exception):
    """A part of the column cannot be read exactly."""


@dataclass(frozen=True)
class _Said:
    """The declared properties of a column; empty or None if not declared."""

    type: str = ""
    nullable: bool | None = None
    unique: bool = False
    index: bool = False
    key: ForeignKey | None = None
    server_default: str | None = None


def migrated_column(column: ModelColumn, models: ProjectModels) -> Column | None:
    """The column as written in a migration; None if it cannot be read exactly."""
    try:
        said = _said(column, models)
        python, optional = _python_type(column.annotation)
        kind = said.type
        if not kind:
            kind = _stored_type(python, column, models)
    except _Unreadable:
        return None
    nullable = optional if said.nullable is None else said.nullable
    return Column(
        name=column.name,
        type=kind,
        kind="",
        nullable=nullable,
        unique=(column.name,) if said.unique else (),
        index=(column.name,) if said.index and not said.unique else (),
        key=said.key,
        fill=None,
        server_default=said.server_default,
    )


def server_default_of(column: ModelColumn) -> str | None:
    """The server default of a column as written in a migration; None if it has none, or
    one that cannot be read."""
    keywords = column.value.keywords if isinstance(column.value, ast.Call) else []
    given = {str(word.arg): word.value for word in keywords}
    more = given.get("sa_column_kwargs")
    if isinstance(more, ast.Dict):
        pairs = zip(more.keys, more.values, strict=True)
        given |= {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant)}
    try:
        found = given.get("server_default")
        return _server_default(found) if found else None
    except _Unreadable:
        return None


def _said(column: ModelColumn, models: ProjectModels) -> _Said:
    """The declared properties of `column`. Raises _Unreadable."""
    value = column.value
    if value is None or isinstance(value, ast.Constant):
        return _Said()
    if not isinstance(value, ast.Call):
        raise _Unreadable
    said = _Said()
    if bare_name(value) in ("mapped_column", "Column"):
        for part in value.args:
            said = _with_part(said, part, column, models)
    elif bare_name(value) != "Field":
        raise _Unreadable
    for word in value.keywords:
        said = _with_keyword(said, word, column, models)
    if said.unique and said.index:
        raise _Unreadable  # a unique index
    return said


def _with_part(
    said: _Said, part: ast.expr, column: ModelColumn, models: ProjectModels
) -> _Said:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return said  # the name of the column
    if isinstance(part, ast.Call) and bare_name(part) == "ForeignKey":
        keywords = {word.arg: word.value for word in part.keywords}
        if keywords.keys() - {"ondelete"} or len(part.args) != 1:
            raise _Unreadable
        return replace(said, key=_key(part.args[0], keywords.get("ondelete")))
    return replace(said, type=_type(part, column.module, models))


def _with_keyword(
    said: _Said, word: ast.keyword, column: ModelColumn, models: ProjectModels
) -> _Said:
    match word.arg:
        case "nullable" | "unique" | "index":
            if not isinstance(word.value, ast.Constant):
                raise _Unreadable
            return replace(said, **{word.arg: word.value.value})  # type: ignore[arg-type]
        case "type_" | "sa_type":
            return replace(said, type=_type(word.value, column.module, models))
        case "max_length":
            return replace(said, type=f"sa.String(length={_literal(word.value)})")
        case "foreign_key":
            action = said.key.on_delete if said.key else ""
            target = _key(word.value, None)
            return replace(said, key=replace(target, on_delete=action))
        case "ondelete":
            table = said.key.table if said.key else ""
            return replace(said, key=ForeignKey(table, str(_literal(word.value))))
        case "server_default":
            return replace(said, server_default=_server_default(word.value))
        case "sa_column_kwargs":
            if not isinstance(word.value, ast.Dict):
                raise _Unreadable
            for key, value in zip(word.value.keys, word.value.values, strict=True):
                name = str(_literal(key))
                if name != "name":
                    said = _with_keyword(said, ast.keyword(name, value), column, models)
            return said
        case name if name in _OF_ROWS:
            return said
    raise _Unreadable


def _key(target: ast.expr, action: ast.expr | None) -> ForeignKey:
    table, _, column = str(_literal(target)).rpartition(".")
    if column != "id":
        raise _Unreadable
    return ForeignKey(table, str(_literal(action)) if action else "")


def _literal(node: ast.expr | None) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    raise _Unreadable


def _server_default(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return repr(node.value)
    text = ast.unparse(node)
    if text in _OF_PROJECT:
        return _OF_PROJECT[text]
    bare = text.removeprefix("sa.").removeprefix("sqlalchemy.")
    is_text = (
        isinstance(node, ast.Call)
        and bare_name(node) == "text"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant)
    )
    if is_text or bare in _IN_DATABASE:
        return f"sa.{bare}"
    raise _Unreadable


def _type(node: ast.expr, module: str, models: ProjectModels) -> str:
    """The SQLAlchemy expression for a type in a model. Raises _Unreadable."""
    call = node if isinstance(node, ast.Call) else None
    name = bare_name(node)
    arguments = [*(call.args if call else ()), *_values(call)]
    if not all(isinstance(each, ast.Constant) for each in arguments):
        raise _Unreadable
    if found := models.class_node(module, name):
        return _type_of_decorator(found, call, module, models)
    _, original = models.external(module, name)
    if original == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if original == "JSONDocument":
        return JSON
    if original not in FAMILY_OF:
        raise _Unreadable
    return _written(_SAME_NAME.get(original, original), call)


def _values(call: ast.Call | None) -> list[ast.expr]:
    return [word.value for word in call.keywords] if call else []


def _written(name: str, call: ast.Call | None) -> str:
    parts = [ast.unparse(each) for each in (call.args if call else ())]
    parts += [
        f"{w.arg}={ast.unparse(w.value)}" for w in (call.keywords if call else ())
    ]
    return f"sa.{name}({', '.join(parts)})"


def _type_of_decorator(
    node: ast.ClassDef, call: ast.Call | None, module: str, models: ProjectModels
) -> str:
    """The type that a TypeDecorator of the project wraps. Raises _Unreadable."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name("impl")], value=ast.Call() as value):
                return _type(value, module, models)
            case ast.Assign(targets=[ast.Name("impl")], value=value):
                name = bare_name(value)
                if name not in FAMILY_OF:
                    raise _Unreadable
                return _written(name, call)
    raise _Unreadable


def _python_type(node: ast.expr | None) -> tuple[str, bool]:
    """The name of the type in an annotation, and whether None is allowed. Raises
    _Unreadable."""
    match node:
        case None:
            return "", True
        case ast.Constant(str(text)):
            return _python_type(_parsed_type(text))
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(None)):
            return _python_type(left)[0], True
        case ast.BinOp(left=ast.Constant(None), op=ast.BitOr(), right=right):
            return _python_type(right)[0], True
        case ast.Subscript(value=value, slice=inner) if bare_name(value) == "Optional":
            return _python_type(inner)[0], True
        case ast.Subscript(value=value) if bare_name(value) != "Union":
            return bare_name(value), False
        case ast.Name() | ast.Attribute():
            return bare_name(node), False
    raise _Unreadable


def _parsed_type(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise _Unreadable from None


def _stored_type(python: str, column: ModelColumn, models: ProjectModels) -> str:
    """The type of a column that declares none. Raises _Unreadable."""
    mapped = _type_map(models)
    if python in mapped and column.mapped:
        return _type(mapped[python][1], mapped[python][0], models)
    if python not in OF_PYTHON:
        raise _Unreadable
    if python == "datetime" and not column.mapped:
        return "sa.DateTime(timezone=True)"
    return OF_PYTHON[python]


def _type_map(models: ProjectModels) -> Mapping[str, tuple[str, ast.expr]]:
    """The project's column types for Python types, each with its module."""
    return {
        name: (module, value)
        for module, given in models.type_maps
        for name, value in given.items()
    }
