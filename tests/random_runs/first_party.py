"""Imports of a project's own modules that find nothing. Written apart from the gate of
fastgen, which this checks."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from .snapshot import Snapshot

ROOTS = ("src/", "tests/", "")
"""Where modules of a project are imported from."""

ANYTHING = "*"


@lru_cache(maxsize=20_000)
def facts(content: bytes) -> tuple[frozenset[str], tuple[tuple[int, str, str], ...]]:
    """The names that a module binds at its top level, and its imports: level, module,
    name. Both are empty for a module that does not parse."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return frozenset([ANYTHING]), ()
    imports = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            imports += [(node.level, module, alias.name) for alias in node.names]
    return frozenset(_bound(tree.body)), tuple(imports)


def _bound(statements: list[ast.stmt]) -> Iterator[str]:
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (a.asname or a.name.partition(".")[0] for a in node.names)
        else:
            for name in ast.walk(node):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    yield name.id
                elif isinstance(name, ast.FunctionDef | ast.ClassDef):
                    yield name.name
                elif isinstance(name, ast.Import | ast.ImportFrom):
                    yield from (a.asname or a.name for a in name.names)


def unresolved(files: Snapshot) -> set[tuple[str, str]]:
    """The imports that find nothing: the path, and what is imported."""
    code = {p: n.content for p, n in files.items() if p.endswith(".py") and not n.link}
    modules: dict[str, str] = {}
    for root in reversed(ROOTS):
        for path in code:
            if path.startswith(root):
                modules[module_of(path.removeprefix(root))] = path
    own = {name.partition(".")[0] for name in modules} - {"src"}
    packages = {parent for name in modules for parent in _parents(name)}
    found = set()
    for path, content in code.items():
        for level, module, name in facts(content)[1]:
            target = _absolute(path, level, module) if level else module
            if target.partition(".")[0] not in own:
                continue
            if not _finds(target, name, modules, packages, code):
                found.add((path, f"{target}.{name}" if name else target))
    return found


def module_of(path: str) -> str:
    """The dotted name of the module at `path`, which starts at a root."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _absolute(path: str, level: int, module: str) -> str:
    root = next(root for root in ROOTS if path.startswith(root))
    parts = path.removeprefix(root).removesuffix(".py").split("/")
    base = parts[: len(parts) - level]
    return ".".join([*base, *([module] if module else [])])


def _finds(
    target: str,
    name: str,
    modules: dict[str, str],
    packages: set[str],
    code: dict[str, bytes],
) -> bool:
    if target not in modules:
        return target in packages and (not name or f"{target}.{name}" in modules)
    bound = facts(code[modules[target]])[0]
    if not name or name == ANYTHING or {ANYTHING, name, "__getattr__"} & bound:
        return True
    return f"{target}.{name}" in modules or f"{target}.{name}" in packages
