"""Edits that change no code: comments, docstrings, layout, the order of definitions,
and the form of imports."""

import ast
import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from fastgen.merge.scopes.imports import (
    SOURCES,
    UNPARSABLE,
    absolute_module,
    package_at,
)

_HASH_COMMENTS = frozenset(
    """
    .cfg .conf .dockerignore .env .example .gitattributes .gitignore .ini .mk .sh .toml
    .yaml .yml Containerfile Dockerfile Makefile
    """.split()  # noqa: SIM905
)
"""Suffixes and names of files in which `#` starts a comment."""

_IN_ANY_ORDER = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)
"""Statements whose order in a module or a class has no effect."""

_HASH = re.compile(r"""(?:^|\s)#(?:[^"']|"[^"]*"|'[^']*')*$""")


def added_comments(path: str, base: bytes, user: bytes) -> tuple[str, ...] | None:
    """The comments and docstrings that `user` adds to `base`, or None if their code
    differs. Both are versions of the file at `path`."""
    try:
        texts = [content.decode("utf-8-sig") for content in (base, user)]
    except UnicodeDecodeError:
        return None
    if path.endswith((".py", ".pyi")):
        return _added_in_python(path, *texts)
    if path.endswith(".json"):
        return () if _same_json(*texts) else None
    (base_lines, base_comments), (lines, comments) = (_cut(path, t) for t in texts)
    return _added(base_comments, comments) if lines == base_lines else None


def _added_in_python(path: str, base: str, user: str) -> tuple[str, ...] | None:
    try:
        trees = [ast.parse(text) for text in (base, user)]
        prose = [
            [*_comments(text), *_without_docstrings(tree)]
            for text, tree in zip((base, user), trees, strict=True)
        ]
        codes = [ast.dump(_InOneOrder(path).visit(tree)) for tree in trees]
    except (*UNPARSABLE, tokenize.TokenError):
        return None
    return _added(*prose) if codes[0] == codes[1] else None


def _comments(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _without_docstrings(tree: ast.Module) -> list[str]:
    """Remove the docstrings from `tree` and return them."""
    found = []
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for statement in [s for s in body if _is_text(s)]:
            found.append(ast.unparse(statement))
            body.remove(statement)
    return found


def _is_text(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


class _InOneOrder(ast.NodeTransformer):
    """A transformer that sorts everything whose order has no effect, and makes imports
    absolute.

    It sorts the imports, definitions and variables of a module or a class, adjacent
    imports in any block, the keyword arguments of a call, the keys of a dict, and the
    rows of pytest's `parametrize`.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, _sorted_imports(block))
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.generic_visit(node)
        node.body = _sorted_definitions(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = _sorted_definitions(node.body)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        package = package_at(self.path, SOURCES)
        module = absolute_module(node.module or "", node.level, package)
        return ast.ImportFrom(module, node.names, 0)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        match node:
            case ast.Call(
                func=ast.Attribute(attr="parametrize"), args=[_, ast.List(elts=rows)]
            ):
                rows.sort(key=ast.dump)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        if None in node.keys:
            return node
        pairs = zip(node.keys, node.values, strict=True)
        ordered = sorted(pairs, key=lambda pair: ast.dump(pair[0] or pair[1]))
        node.keys = [key for key, _ in ordered]
        node.values = [value for _, value in ordered]
        return node


def _sorted_definitions(block: list[ast.stmt]) -> list[ast.stmt]:
    others = [s for s in block if not isinstance(s, _IN_ANY_ORDER)]
    movable = [s for s in block if isinstance(s, _IN_ANY_ORDER)]
    return [*sorted(movable, key=ast.dump), *others]


def _sorted_imports(block: list[ast.stmt]) -> list[ast.stmt]:
    """`block` with one import statement for each imported name, and adjacent imports
    sorted."""
    result: list[ast.stmt] = []
    imports: list[ast.stmt] = []
    for statement in block:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports += _single(statement)
            continue
        result += sorted(imports, key=ast.dump)
        imports = []
        result.append(statement)
    return [*result, *sorted(imports, key=ast.dump)]


def _single(statement: ast.Import | ast.ImportFrom) -> Iterator[ast.stmt]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield ast.Import([alias])
        else:
            yield ast.ImportFrom(statement.module, [alias], statement.level)


def _same_json(base: str, user: str) -> bool:
    try:
        return bool(json.loads(base) == json.loads(user))
    except ValueError:
        return False


def _cut(path: str, text: str) -> tuple[list[str], list[str]]:
    """The non-blank lines of `text` without their comments, and the comments."""
    name = PurePosixPath(path)
    lines = [line.rstrip() for line in text.splitlines()]
    comments: list[str] = []
    if _HASH_COMMENTS.isdisjoint({name.name, name.suffix, name.stem}):
        return [line for line in lines if line], comments
    for number, line in enumerate(lines):
        if comment := _HASH.search(line):
            comments.append(comment[0].strip())
            lines[number] = line[: comment.start()].rstrip()
    return [line for line in lines if line], comments


def _added(base: list[str], user: list[str]) -> tuple[str, ...]:
    return tuple((Counter(user) - Counter(base)).elements())
