"""Edits of Python that give things other names, everywhere in the project."""

import ast
import re
from functools import partial

from .editing import Editing, project_edit, text_edit
from .source import PYTHON, Block, Located, found, parsed, source_of

GROUP = "Python"

_BUILT_IN = {"self", "cls", "app", "session", "request", "value", "values", "data"}


def new_name(editing: Editing, old: str) -> str:
    """A name in the same spelling. It is no mark: fastgen's lines may use it."""
    number = f"{editing.number}"
    if old.isupper():
        return f"{old}_NAMED{number}"
    return f"{old}Named{number}" if old[0].isupper() else f"{old}_named{number}"


def renamed_in(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.\"'/-]){re.escape(old)}(?![\w\"'/=-])", new, text)


@text_edit(GROUP, PYTHON, "a local variable with another name")
def local_variable(text: str, editing: Editing) -> str | None:
    found_names = []
    for function in found(text, ast.FunctionDef, ast.AsyncFunctionDef):
        names = {
            n.id
            for n in ast.walk(function)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        found_names += [(function, name) for name in sorted(names - _BUILT_IN)]
    if not found_names:
        return None
    function, name = editing.random.choice(found_names)
    return _in_function(text, function, name, new_name(editing, name))


@text_edit(
    GROUP,
    r"^src/.*/(service|errors|health|pagination|logging)\.py$",
    "a parameter with another name",
)
def parameter(text: str, editing: Editing) -> str | None:
    functions = [
        (f, a.arg)
        for f in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        for a in f.args.args
        if a.arg not in ("self", "cls")
    ]
    if not functions:
        return None
    function, name = editing.random.choice(functions)
    return _in_function(text, function, name, new_name(editing, name))


def _in_function(text: str, function: ast.AST, old: str, new: str) -> str:
    """Only names: an attribute, a keyword and a text keep theirs."""
    places = [
        (n.lineno, n.col_offset)
        for n in ast.walk(function)
        if (isinstance(n, ast.Name) and n.id == old)
        or (isinstance(n, ast.arg) and n.arg == old)
    ]
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for line, column in sorted(places, reverse=True):
        row = lines[line - 1]
        assert row[column:].startswith(old.encode())
        lines[line - 1] = (
            row[:column] + new.encode() + row[column + len(old.encode()) :]
        )
    return b"".join(lines).decode()


def _rename_everywhere(editing: Editing, names: list[str]) -> bool:
    """Rename one of `names` in all Python files, as an editor does. A name that a
    module has as well is left alone."""
    modules = {part for path in editing.paths(r"\.py$") for part in _parts(path)}
    names = [name for name in names if name not in modules]
    if not names:
        return False
    old = editing.random.choice(names)
    new = new_name(editing, old)
    word = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
    for path in editing.paths(r"\.py$"):
        text = editing.read(path)
        if word.search(text) and "/versions/" not in path:
            tree = parsed(text)
            if tree is None:
                return False
            editing.write(path, _names_replaced(text, tree, old, new))
    return True


def _parts(path: str) -> list[str]:
    return path.removesuffix(".py").split("/")


def _names_replaced(text: str, tree: ast.Module, old: str, new: str) -> str:
    strings = [
        (n.lineno, n.col_offset, n.end_lineno, n.end_col_offset)
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        spans = [
            (
                len(line.encode()[:b].decode(errors="ignore")),
                len(line.encode()[:d].decode(errors="ignore")),
            )
            for a, b, c, d in strings
            if a == c == number
        ]
        inside = any(
            a < number < c or (a < c and number in (a, c)) for a, _, c, _ in strings
        )
        if inside:
            continue
        lines[number - 1] = re.sub(
            rf"(?<!\w){re.escape(old)}(?!\w)",
            partial(_outside, spans=spans, new=new),
            line,
        )
    return "".join(lines)


def _outside(match: re.Match[str], spans: list[tuple[int, int]], new: str) -> str:
    """`new`, unless the match begins in one of `spans`."""
    inside = any(start <= match.start() < end for start, end in spans)
    return match[0] if inside else new


def _defined(editing: Editing, pattern: str, *kinds: type[ast.AST]) -> list[str]:
    names = []
    for path in editing.paths(pattern):
        tree = parsed(editing.read(path))
        for node in tree.body if tree else []:
            if isinstance(node, ast.Assign) and ast.Assign in kinds:
                names += [
                    t.id
                    for t in node.targets
                    if isinstance(t, ast.Name) and len(t.id) > 4
                ]
            elif isinstance(node, Block) and isinstance(node, kinds):
                names.append(node.name)
    return sorted({n for n in names if len(n) > 3 and not n.startswith("test_")})


@project_edit(GROUP, "a function with another name, everywhere")
def function(editing: Editing) -> bool:
    return _rename_everywhere(
        editing,
        _defined(
            editing, r"^src/(?!.*migrations)", ast.FunctionDef, ast.AsyncFunctionDef
        ),
    )


@project_edit(GROUP, "a class with another name, everywhere")
def class_(editing: Editing) -> bool:
    return _rename_everywhere(
        editing, _defined(editing, r"^src/(?!.*migrations)", ast.ClassDef)
    )


@project_edit(GROUP, "a constant with another name, everywhere")
def constant(editing: Editing) -> bool:
    names = [
        n
        for n in _defined(editing, r"^src/(?!.*migrations)", ast.Assign)
        if n.isupper()
    ]
    return _rename_everywhere(editing, names)


@text_edit(GROUP, r"^tests/test_\w+\.py$", "a test with another name")
def test(text: str, editing: Editing) -> str | None:
    nodes = [
        n.name
        for n in found(text, ast.FunctionDef, ast.AsyncFunctionDef)
        if n.name.startswith("test_")
    ]
    if not nodes:
        return None
    old = editing.random.choice(nodes)
    return re.sub(rf"def {old}\(", f"def {new_name(editing, old)}(", text)


@text_edit(GROUP, PYTHON, "an import with an alias")
def alias(text: str, editing: Editing) -> str | None:
    nodes = [
        (n, a)
        for n in found(text, ast.ImportFrom)
        for a in n.names
        if a.asname is None and a.name != "*" and n.module != "__future__"
    ]
    if not nodes:
        return None
    _, chosen = editing.random.choice(nodes)
    old, new = chosen.name, new_name(editing, chosen.name)
    tree = parsed(text)
    assert tree is not None
    used = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == old]
    edited = text
    for node in sorted(used, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        edited = _at(edited, node, new)
    return _at(edited, chosen, f"{old} as {new}")


def _at(text: str, node: Located, new: str) -> str:
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    row = lines[node.lineno - 1]
    start, end = node.col_offset, node.end_col_offset
    lines[node.lineno - 1] = row[:start] + new.encode() + row[end:]
    return b"".join(lines).decode()


@text_edit(GROUP, r"/models\.py$", "a table with another name", may_conflict=True)
def table(text: str, editing: Editing) -> str | None:
    match = re.search(r'__tablename__ = "(\w+)"', text)
    if not match or "users" in match[1]:
        return None
    return text.replace(match[0], f'__tablename__ = "{match[1]}_{editing.mark()}"')


@text_edit(GROUP, r"/main\.py$", "a module that is imported whole")
def whole_module(text: str, editing: Editing) -> str | None:
    nodes = [
        n
        for n in found(text, ast.ImportFrom)
        if len(n.names) == 1 and n.names[0].asname is None and "." in n.module
    ]
    if not nodes:
        return None
    node = editing.random.choice(nodes)
    name = node.names[0].name
    package, _, module = node.module.rpartition(".")
    line = source_of(text, node)
    if line not in text or re.search(
        rf"\b{module}\b(?!\.|\w| import)", text.replace(line, "")
    ):
        return None
    body = re.sub(
        rf"(?<![\w.]){name}(?!\w)", f"{module}.{name}", text.replace(line, "\0")
    )
    return body.replace("\0", f"from {package} import {module}")
