"""Imports of an older version of a file, restored at their old position."""

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fastgen.encoding import code_lines
from fastgen.merge.gate.parse import parse_problem


@dataclass(frozen=True)
class ImportedName:
    """One name imported at the top of a file, by `from {module} import {name}` or by
    `import {name}`."""

    module: str
    name: str
    asname: str | None
    level: int
    is_from: bool

    @property
    def bound(self) -> str:
        """The name that the import binds in the file."""
        return self.asname or self.name.partition(".")[0]

    @property
    def source(self) -> tuple[str, int, bool]:
        """The key of names that can share a statement. `import` statements have one
        name each."""
        module = self.module if self.is_from else self.name
        return module, self.level, self.is_from

    @property
    def package(self) -> tuple[int, str]:
        """The outermost package. Imports from one package are adjacent."""
        return self.level, self.source[0].partition(".")[0]

    @property
    def order(self) -> tuple[object, ...]:
        """The key by which isort sorts statements."""
        module = self.source[0]
        return self.is_from, module.casefold(), module, self.asname or ""

    @property
    def origin(self) -> str:
        """The module that the name comes from, or that it is."""
        return "." * self.level + (self.module or self.name)

    @property
    def text(self) -> str:
        """The name as written in a statement."""
        return f"{self.name} as {self.asname}" if self.asname else self.name


def imports_at_top(text: str) -> list[ImportedName]:
    """The names that `text` imports at its top, in order, including those under
    `if TYPE_CHECKING:`."""
    return [name for _, names in _statements(text) for name in names]


def with_imported(text: str, older: str, wanted: Collection[ImportedName]) -> str:
    """`text` with the imports `wanted` of `older`. They join the statement that imports
    from the same module, or get a line after the same statement as in `older`."""
    for node, names in _statements(older):
        if back := [name for name in names if name in wanted]:
            longer = _with_statement(text, older, node, names, back)
            text = text if parse_problem("a.py", longer) else longer
    return text


def _with_statement(
    text: str,
    older: str,
    node: ast.stmt,
    names: Sequence[ImportedName],
    back: Sequence[ImportedName],
) -> str:
    lines = code_lines(text)
    source = _lines_of(older, node)
    for present, others in _statements(text):
        if others[0].source == back[0].source and _fit([*others, *back], names):
            known = [*others, *back]
            union = [n for n in names if n in known]
            union += [n for n in others if n not in union]
            new = source if union == [*names] else _written(source, union)
            first, last = present.lineno - 1, present.end_lineno or present.lineno
            return "".join([*lines[:first], *new, *lines[last:]])
    new = source if [*names] == [*back] else _written(source, back)
    at, separated = _place(text, older, node)
    return "".join([*lines[:at], *(["\n"] if separated else []), *new, *lines[at:]])


def _fit(together: Sequence[ImportedName], older: Sequence[ImportedName]) -> bool:
    """Whether the names can share a statement. A name with an alias needs its own,
    unless the `older` statement combines it with others."""
    if not together[0].is_from:
        return False
    return not any(n.asname for n in together) or {*together} <= {*older}


def _place(text: str, older: str, node: ast.stmt) -> tuple[int, bool]:
    """The line of `text` before which the statement `node` of `older` belongs, and
    whether a blank line separates it from the import above.

    The position is the sorted one among the imports from the same package, or after the
    import that precedes `node` in `older`.
    """
    (first, *_) = _names(node)
    mates = [
        (names[0], each)
        for each, names in _statements(text)
        if names[0].package == first.package and each.col_offset == node.col_offset
    ]
    if mates and [name.order for name, _ in mates] == sorted(n.order for n, _ in mates):
        for name, each in mates:
            if name.order > first.order:
                return each.lineno - 1, False
        last = mates[-1][1]
        return last.end_lineno or last.lineno, False
    present = {names[0].source: each for each, names in _statements(text)}
    above: ast.stmt | None = None
    for each, names in _statements(older):
        if each.lineno >= node.lineno:
            if following := present.get(names[0].source):
                if above is None:
                    return following.lineno - 1, False
                break
            continue
        if names[0].source in present and each.col_offset == node.col_offset:
            above = each
    if above is None:
        return _behind_docstring(text), False
    gap = code_lines(older)[above.end_lineno or above.lineno : node.lineno - 1]
    mine = present[_names(above)[0].source]
    return mine.end_lineno or mine.lineno, not all(line.strip() for line in gap)


def _behind_docstring(text: str) -> int:
    match ast.parse(text).body:
        case [ast.Expr(value=ast.Constant(value=str())) as docstring, *_]:
            return docstring.end_lineno or docstring.lineno
    return 0


def _statements(text: str) -> list[tuple[ast.stmt, list[ImportedName]]]:
    body = ast.parse(text).body
    for node in [node for node in body if _is_for_types(node)]:
        body += node.body  # type: ignore[attr-defined]
    body.sort(key=lambda node: node.lineno)
    return [(node, names) for node in body if (names := _names(node))]


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _names(node: ast.stmt) -> list[ImportedName]:
    if isinstance(node, ast.Import):
        return [ImportedName("", a.name, a.asname, 0, False) for a in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [
            ImportedName(module, a.name, a.asname, node.level, True) for a in node.names
        ]
    return []


def _lines_of(text: str, node: ast.stmt) -> list[str]:
    return code_lines(text)[node.lineno - 1 : node.end_lineno]


def _written(source: Sequence[str], names: Sequence[ImportedName]) -> list[str]:
    """The statement `source` with only `names`, on several lines if it was."""
    head = source[0][: len(source[0]) - len(source[0].lstrip())]
    first = names[0]
    if not first.is_from:
        return [f"{head}import {', '.join(name.text for name in names)}\n"]
    start = f"{head}from {'.' * first.level}{first.module} import "
    if len(source) == 1:
        return [f"{start}{', '.join(name.text for name in names)}\n"]
    inner = source[1][: len(source[1]) - len(source[1].lstrip())]
    return [f"{start}(\n", *(f"{inner}{n.text},\n" for n in names), f"{head})\n"]
