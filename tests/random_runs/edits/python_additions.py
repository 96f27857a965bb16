"""Edits of Python that add code."""

import ast
import re

from .editing import Editing, text_edit
from .source import (
    PYTHON,
    after_imports,
    below_docstring,
    end_line,
    first_line,
    found,
    indent,
    lines_of,
    one_of,
    parsed,
    replaced,
    source_of,
    with_lines,
)

GROUP = "Python"
TESTS = r"^tests/test_\w+\.py$"
MODELS = r"/(?!db/)\w+/models\.py$"
SCHEMAS = r"/schemas\.py$"
ROUTERS = r"/router\.py$"


@text_edit(GROUP, PYTHON, "an import of the standard library")
def standard_import(text: str, editing: Editing) -> str | None:
    name = editing.random.choice(("json", "math", "secrets", "textwrap"))
    line = f"import {name} as {editing.mark()}  # noqa: F401"
    return with_lines(text, _among_imports(text, editing), line)


@text_edit(GROUP, PYTHON, "a name in an import")
def imported_name(text: str, editing: Editing) -> str | None:
    known = {
        "typing": "TypeVar",
        "collections.abc": "MutableMapping",
        "fastapi": "BackgroundTasks",
        "sqlalchemy": "literal_column",
        "pydantic": "SecretStr",
        "datetime": "timedelta",
    }
    nodes = [
        n
        for n in found(text, ast.ImportFrom)
        if n.module in known
        and known[n.module] not in {a.name for a in n.names}
        and known[n.module] not in text
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    names = [source_of(text, alias) for alias in node.names]
    name = known[node.module]
    names.insert(editing.random.randint(0, len(names)), name)
    line = f"from {node.module} import {', '.join(names)}"
    if len(line) > 88:
        inner = "".join(f"    {name},\n" for name in names)
        line = f"from {node.module} import (\n{inner})"
    used = f"\n\n{editing.mark().upper()} = {name}\n"
    return replaced(text, node, line).rstrip("\n") + "\n" + used


@text_edit(GROUP, PYTHON, "an import for types alone")
def type_checking(text: str, editing: Editing) -> str | None:
    if "TYPE_CHECKING" in text or not text.strip():
        return None
    at = after_imports(text)
    block = ("from typing import TYPE_CHECKING", "", "if TYPE_CHECKING:")
    return with_lines(
        text, at, *block, f"    import decimal as {editing.mark()}  # noqa: F401"
    )


@text_edit(GROUP, PYTHON, "a constant below the imports")
def constant(text: str, editing: Editing) -> str | None:
    return with_lines(
        text, after_imports(text), "", f'{editing.mark().upper()} = "{editing.mark()}"'
    )


@text_edit(GROUP, PYTHON, "a logger")
def logger(text: str, editing: Editing) -> str | None:
    if "import logging" in text or not text.strip():
        return None
    text = with_lines(
        text,
        after_imports(text),
        "",
        f'{editing.mark()} = logging.getLogger("{editing.mark()}")',
    )
    return with_lines(text, _top_of_imports(text), "import logging")


@text_edit(GROUP, PYTHON, "a function at the end")
def function_at_the_end(text: str, editing: Editing) -> str | None:
    if not text.endswith("\n"):
        return None
    return f'{text}\n\ndef {editing.mark()}() -> str:\n    return "{editing.mark()}"\n'


@text_edit(GROUP, PYTHON, "a function between two others")
def function_between(text: str, editing: Editing) -> str | None:
    tree = parsed(text)
    nodes = (
        [
            n
            for n in tree.body
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        if tree
        else []
    )
    if not nodes:
        return None
    at = first_line(editing.random.choice(nodes))
    name = editing.mark()
    return with_lines(
        text,
        at,
        f"async def {name}(value: int) -> int:",
        f'    return value + len("{editing.mark()}")',
        "",
        "",
    )


@text_edit(GROUP, PYTHON, "a class at the end")
def class_at_the_end(text: str, editing: Editing) -> str | None:
    if not text.endswith("\n"):
        return None
    name = editing.mark()
    return f'{text}\n\nclass {name.capitalize()}:\n    """Of {name}."""\n\n    limit = 10\n'


@text_edit(GROUP, PYTHON, "a method in a class")
def method(text: str, editing: Editing) -> str | None:
    node = one_of(text, editing.random, ast.ClassDef)
    if node is None:
        return None
    space = indent(lines_of(text)[first_line(node.body[-1])])
    at = editing.random.choice([end_line(n) for n in node.body])
    block = (
        f"{space}@property",
        f"{space}def {editing.mark()}(self) -> str:",
        f'{space}    return "{editing.mark()}"',
    )
    return with_lines(text, at, "", *block, "")


@text_edit(GROUP, PYTHON, "an attribute of a class")
def attribute(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.ClassDef)
        if any(isinstance(s, ast.AnnAssign) for s in n.body)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    fields = [s for s in node.body if isinstance(s, ast.AnnAssign)]
    at = editing.random.choice([end_line(s) for s in fields])
    return with_lines(text, at, f"    {editing.mark()}: int = 5")


@text_edit(GROUP, MODELS, "a column of a model")
def column(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.ClassDef) if "__tablename__" in source_of(text, n)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = editing.random.choice([end_line(s) for s in node.body])
    column = (
        "Mapped[str | None]"
        if "Mapped[" in text or "SQLModel" not in text
        else "str | None = None"
    )
    return with_lines(text, at, f"    {editing.mark()}: {column}")


@text_edit(GROUP, MODELS, "table arguments of a model")
def table_arguments(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.ClassDef) if "__tablename__" in source_of(text, n)
    ]
    if not nodes or "__table_args__" in text:
        return None
    node = editing.random.choice(nodes)
    name = next((n for n in node.body if "__tablename__" in source_of(text, n)), None)
    if name is None:
        return None
    return with_lines(
        text, end_line(name), f'    __table_args__ = {{"comment": "{editing.mark()}"}}'
    )


@text_edit(GROUP, SCHEMAS, "a field of a schema")
def schema_field(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.ClassDef)
        if re.search(r"(Create|Update|Read)$", n.name)
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = editing.random.choice([end_line(s) for s in node.body])
    return with_lines(text, at, f"    {editing.mark()}: str | None = None")


@text_edit(GROUP, SCHEMAS, "a validator of a schema")
def validator(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.ClassDef) if n.name.endswith(("Create", "Settings"))
    ]
    if not nodes or "model_validator" in text:
        return None
    node = editing.random.choice(nodes)
    block = (
        *(
            "",
            '    @model_validator(mode="after")',
            f'    def {editing.mark()}(self) -> "{node.name}":',
        ),
        *(f'        """Of {editing.mark()}."""', "        return self"),
    )
    text = with_lines(text, end_line(node), *block)
    return with_lines(text, after_imports(text), "from pydantic import model_validator")


@text_edit(GROUP, ROUTERS, "an endpoint in a router")
def endpoint(text: str, editing: Editing) -> str | None:
    if "router = " not in text:
        return None
    nodes = [n for n in found(text, ast.AsyncFunctionDef) if n.decorator_list]
    at = end_line(editing.random.choice(nodes)) if nodes else len(lines_of(text))
    name = editing.mark()
    block = (
        "",
        "",
        f'@router.get("/{name}")',
        f"async def read_{name}() -> str:",
        f'    return "{name}"',
    )
    return with_lines(text, at, *block)


@text_edit(GROUP, PYTHON, "a decorator", may_conflict=True)
def decorator(text: str, editing: Editing) -> str | None:
    node = one_of(text, editing.random, ast.FunctionDef)
    if node is None:
        return None
    line = lines_of(text)[node.lineno - 1]
    name = editing.mark()
    text = with_lines(text, first_line(node), f"{indent(line)}@{name}")
    return with_lines(
        text,
        after_imports(text),
        "",
        "",
        f"def {name}(function):",
        "    return function",
        "",
    )


@text_edit(GROUP, PYTHON, "a parameter of a function", may_conflict=True)
def parameter(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.args.args and not (n.args.defaults or n.args.kwonlyargs or n.args.vararg)
    ]
    if not nodes:
        return None
    last = editing.random.choice(nodes).args.args[-1]
    return replaced(text, last, f"{source_of(text, last)}, {editing.mark()}: int = 0")


@text_edit(GROUP, PYTHON, "an argument of a call", may_conflict=True)
def argument(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if n.keywords and n.keywords[-1].arg and "#" not in source_of(text, n)
    ]
    if not nodes:
        return None
    last = editing.random.choice(nodes).keywords[-1]
    return replaced(text, last, f"{source_of(text, last)}, {editing.mark()}=1")


@text_edit(GROUP, MODELS, "a comment on a column", may_conflict=True)
def column_comment(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Call)
        if "mapped_column" in source_of(text, n.func)
        or source_of(text, n.func) == "Field"
    ]
    nodes = [n for n in nodes if n.args or n.keywords]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    last = max(
        [*node.args, *node.keywords], key=lambda n: (n.end_lineno, n.end_col_offset)
    )
    name = "comment" if "mapped_column" in source_of(text, node.func) else "title"
    return replaced(text, last, f'{source_of(text, last)}, {name}="{editing.mark()}"')


@text_edit(GROUP, PYTHON, "an element of a list")
def element(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.List)
        if n.elts
        and isinstance(n.elts[0], ast.Constant)
        and isinstance(n.elts[0].value, str)
    ]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).elts)
    return replaced(text, which, f'{source_of(text, which)}, "{editing.mark()}"')


@text_edit(GROUP, PYTHON, "a key of a dict")
def key(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.Dict)
        if n.keys and isinstance(n.keys[0], ast.Constant)
    ]
    nodes = [n for n in nodes if isinstance(n.keys[0].value, str)]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).values)
    return replaced(text, which, f'{source_of(text, which)}, "{editing.mark()}": None')


@text_edit(GROUP, TESTS, "a test")
def own_test(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.col_offset == 0
    ]
    at = end_line(editing.random.choice(nodes)) if nodes else len(lines_of(text))
    name = editing.mark()
    return with_lines(
        text, at, "", "", f"def test_{name}() -> None:", f'    assert "{name}"'
    )


@text_edit(GROUP, r"^tests/(conftest|database|accounts)\.py$", "a fixture")
def fixture(text: str, editing: Editing) -> str | None:
    if "import pytest" not in text:
        return None
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.col_offset == 0
    ]
    at = end_line(editing.random.choice(nodes)) if nodes else len(lines_of(text))
    name = editing.mark()
    return with_lines(
        text,
        at,
        "",
        "",
        "@pytest.fixture",
        f"def {name}() -> str:",
        f'    return "{name}"',
    )


@text_edit(GROUP, TESTS, "a row of parametrize")
def parametrized_row(text: str, editing: Editing) -> str | None:
    nodes = [
        n.args[1]
        for n in found(text, ast.Call)
        if source_of(text, n.func).endswith("parametrize")
        and len(n.args) > 1
        and isinstance(n.args[1], ast.List)
        and n.args[1].elts
        and isinstance(n.args[1].elts[0], ast.Tuple)
        and len(n.args[1].elts[0].elts) == 2
    ]
    if not nodes:
        return None
    which = editing.random.choice(editing.random.choice(nodes).elts)
    space = " " * which.col_offset
    return replaced(
        text, which, f'{source_of(text, which)},\n{space}("{editing.mark()}", 1)'
    )


@text_edit(GROUP, PYTHON, "a statement at the beginning of a function")
def first_statement(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if first_line(n.body[0]) > n.lineno - 1
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = below_docstring(node)
    space = indent(lines_of(text)[first_line(node.body[0])])
    return with_lines(
        text, at, f'{space}{editing.mark()} = "{editing.mark()}"  # noqa: F841'
    )


@text_edit(GROUP, PYTHON, "an early return")
def early_return(text: str, editing: Editing) -> str | None:
    nodes = [
        n for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef) if len(n.body) > 2
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    at = first_line(node.body[-1])
    space = indent(lines_of(text)[at])
    return with_lines(
        text,
        at,
        f'{space}if "{editing.mark()}" == "":',
        f"{space}    raise RuntimeError",
    )


@text_edit(GROUP, r"/main\.py$", "a statement in create_app")
def in_create_app(text: str, editing: Editing) -> str | None:
    nodes = [n for n in found(text, ast.FunctionDef) if n.name == "create_app"]
    if not nodes:
        return None
    body = [n for n in nodes[0].body if "app" in source_of(text, n)]
    places = [end_line(n) for n in body[:-1] if not isinstance(n, ast.Return)]
    if not places or "app = " not in text:
        return None
    first = next(
        (n for n in nodes[0].body if source_of(text, n).startswith("app = ")), None
    )
    if first is None:
        return None
    at = editing.random.choice(
        [place for place in places if place >= end_line(first)] or [end_line(first)]
    )
    return with_lines(text, at, f'    app.state.{editing.mark()} = "own"')


@text_edit(GROUP, PYTHON, "__all__")
def exported(text: str, editing: Editing) -> str | None:
    tree = parsed(text)
    names = (
        [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        if tree
        else []
    )
    if not names or "__all__" in text:
        return None
    quoted = ", ".join(f'"{name}"' for name in names[:3])
    return with_lines(
        text, after_imports(text), "", f"__all__ = [{quoted}]  # {editing.mark()}"
    )


@text_edit(GROUP, PYTHON, "a block for the command line")
def main_block(text: str, editing: Editing) -> str | None:
    if "__main__" in text or not text.endswith("\n"):
        return None
    return f'{text}\n\nif __name__ == "__main__":\n    print("{editing.mark()}")\n'


@text_edit(GROUP, PYTHON, "a try around an import")
def optional_import(text: str, editing: Editing) -> str | None:
    name = editing.mark()
    block = (
        "",
        "try:",
        f"    import orjson as {name}",
        "except ImportError:",
        f"    {name} = None  # type: ignore[assignment]",
    )
    return with_lines(text, after_imports(text), *block)


def _top_of_imports(text: str) -> int:
    tree = parsed(text)
    for node in tree.body if tree else []:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                return end_line(node)
            return first_line(node)
    return after_imports(text)


def _among_imports(text: str, editing: Editing) -> int:
    tree = parsed(text)
    ends = (
        [end_line(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        if tree
        else []
    )
    return editing.random.choice(ends) if ends else after_imports(text)
