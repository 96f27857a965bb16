"""`__table_args__` of a SQLAlchemy model, which is a tuple or, with options alone, a
dict."""

import ast
from collections.abc import Iterator

from fastgen.encoding import code_lines, column_of
from fastgen.merge.python.new_names import with_replaced
from fastgen.merge.python.toplevel import parsed

_NAME = "__table_args__"


def with_tuples(user: str, next_: str) -> str:
    """`user` with `({...},)` in place of `{...}` in each model that has a tuple in
    `next_`. SQLAlchemy reads both alike, and tuples can be merged."""
    if _NAME not in user or _NAME not in next_:
        return user
    theirs, yours = parsed(next_), parsed(user)
    if not theirs or not yours:
        return user
    tuples = {
        name for name, value in _arguments(theirs) if isinstance(value, ast.Tuple)
    }
    lines = code_lines(user)
    places = []
    for name, value in _arguments(yours):
        if name not in tuples or not isinstance(value, ast.Dict):
            continue
        assert value.end_lineno is not None
        assert value.end_col_offset is not None
        start = (value.lineno, column_of(lines, value.lineno, value.col_offset))
        last = (
            value.end_lineno,
            column_of(lines, value.end_lineno, value.end_col_offset),
        )
        places += [(start, start, "("), (last, last, ",)")]
    return with_replaced(user, places)


def _arguments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names of classes with the values of their `__table_args__`."""
    for definition in module.body:
        if isinstance(definition, ast.ClassDef):
            for node in definition.body:
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        if name == _NAME:
                            yield definition.name, value
