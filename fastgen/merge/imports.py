"""First-party imports: what a Python file takes from its own project."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

SOURCES = "src"


@dataclass(frozen=True)
class Import:
    """`import {module}`, or `from {module} import {attribute}`, in line `line`."""

    path: str
    line: int
    module: str
    attribute: str | None = None

    @property
    def name(self) -> str:
        return f"{self.module}.{self.attribute}" if self.attribute else self.module

    def fails_in(self, code: Mapping[str, bytes]) -> bool:
        """Whether it finds nothing in `code`, the project's Python files by path."""
        found = module_path(self.module, code)
        if found is None:
            # A namespace package: fine as long as something is in it.
            if not _has_children(self.module, code):
                return True
            return self.attribute is not None and not _is_module(self.name, code)
        if self.attribute is None or self.attribute == "*":
            return False
        if _is_module(self.name, code):
            return False
        try:
            names = bound_names(code[found])
        except SyntaxError:
            return False
        return not {self.attribute, "*", "__getattr__"} & names


def imports_of(content: bytes, path: str, package: str) -> Iterator[Import]:
    """The imports of `package` and of what is in it; relative ones resolved."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_in(alias.name, package):
                    yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path)
            if _is_in(module, package):
                for alias in node.names:
                    yield Import(path, node.lineno, module, alias.name)


def bound_names(content: bytes) -> set[str]:
    """What a module binds at its top level; `*` when it imports a star."""
    names: set[str] = set()
    waiting: list[ast.stmt] = list(ast.parse(content).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names}
            continue
        for child in ast.walk(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                names.add(child.id)
        for _, block in ast.iter_fields(node):
            if isinstance(block, list):
                waiting += [item for item in block if isinstance(item, ast.stmt)]
                for handler in block:
                    if isinstance(handler, ast.ExceptHandler | ast.match_case):
                        waiting += handler.body
    return names


def module_path(module: str, code: Mapping[str, bytes]) -> str | None:
    """The file of a dotted module name, or None."""
    stem = f"{SOURCES}/{module.replace('.', '/')}"
    paths = (f"{stem}.py", f"{stem}/__init__.py")
    return next((path for path in paths if path in code), None)


def _is_module(module: str, code: Mapping[str, bytes]) -> bool:
    return module_path(module, code) is not None or _has_children(module, code)


def _has_children(module: str, code: Mapping[str, bytes]) -> bool:
    folder = f"{SOURCES}/{module.replace('.', '/')}/"
    return any(path.startswith(folder) for path in code)


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _absolute(node: ast.ImportFrom, path: str) -> str:
    if not node.level:
        return node.module or ""
    where = PurePosixPath(path)
    if where.parts[0] == SOURCES:
        where = where.relative_to(SOURCES)
    # One dot is the package that the file is in.
    parents = where.parent.parts[: len(where.parent.parts) - (node.level - 1)]
    return ".".join([*parents, *([node.module] if node.module else [])])
