"""A migration as text, with its revision and its predecessors."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from fastgen.encoding import decoded
from fastgen.errors import NeedsPerson
from fastgen.tree import Files, Policy, Tree

REVISION = "revision"
FOLLOWS = "down_revision"
DEPENDS = "depends_on"
LABELS = "branch_labels"

_TITLE = re.compile(r"(\nRevision ID: )\w+(\nRevises:)[^\n]*\n")
"""The lines about revisions in Alembic's docstring."""


class UnreadableMigration(NeedsPerson):
    """{path} is a migration that fastgen cannot follow: {reason}. Fix that, then run
    the command again."""


@dataclass(frozen=True)
class Script:
    """A migration. In a template, `revision` and `follows` are names; in a project,
    they are revision ids."""

    path: str
    text: str
    revision: str
    follows: tuple[str, ...]
    depends: tuple[str, ...] | None = ()
    """The revisions or branch labels of `depends_on`; None if it is not a text."""
    labels: tuple[str, ...] = ()


def scripts_in(files: Files) -> tuple[Script, ...]:
    """The migrations in `files`."""
    found = (script_of(path, file.content) for path, file in files.items())
    return tuple(script for script in found if script)


def templates_in(tree: Tree) -> tuple[Script, ...]:
    """The migrations of modules."""
    found = (
        script_of(path, entry.content)
        for path, entry in tree.items()
        if entry.policy is Policy.JOURNAL
    )
    return tuple(script for script in found if script)


@cache
def script_of(path: str, content: bytes) -> Script | None:
    """The migration in `content`; None for any other file.

    Cached because a command asks for it several times. Raises UnreadableMigration if
    the file is a migration whose predecessors are unknown.
    """
    if not path.endswith(".py"):
        return None
    is_one = FOLLOWS.encode() in content
    try:
        text = decoded(path, content)
        module = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if is_one:
            raise UnreadableMigration(path=path, reason="it does not parse") from None
        return None
    values = dict(_assigned(module))
    try:
        revision = _literal(values[REVISION], values)
        follows = _texts(values[FOLLOWS], values)
    except _NO_LITERAL:
        if is_one and {REVISION, FOLLOWS} & _stored(module):
            reason = f"its {REVISION} or {FOLLOWS} is not said as a text"
            raise UnreadableMigration(path=path, reason=reason) from None
        return None
    depends, labels = (_optional_texts(name, values) for name in (DEPENDS, LABELS))
    return Script(path, text, str(revision), follows, depends, labels or ())


def _parsed(text: str) -> ast.Module:
    """The parsed module, or only the part before its first function if it is nested too
    deeply."""
    try:
        return ast.parse(text)
    except (RecursionError, MemoryError):
        return ast.parse(re.split(r"^def ", text, maxsplit=1, flags=re.M)[0])


def with_revisions(script: Script, revision: str, follows: Iterable[str]) -> str:
    """The text of `script` with the revision `revision` and the predecessors
    `follows`."""
    names = tuple(follows)
    values = dict(_assigned(ast.parse(script.text)))
    said = names if len(names) > 1 else names[0] if names else None
    text = _with_literal(script.text, values[REVISION], revision)
    values = dict(_assigned(ast.parse(text)))
    text = _with_literal(text, values[FOLLOWS], said)
    follow = "".join(f" {name}," for name in names).rstrip(",")
    return _TITLE.sub(rf"\g<1>{revision}\g<2>{follow}\n", text, count=1)


def without_labels(script: Script) -> str:
    """The text of `script` without branch labels, which must be unique."""
    label = dict(_assigned(ast.parse(script.text))).get(LABELS)
    return _with_literal(script.text, label, None) if label else script.text


def lines_of(text: str) -> list[str]:
    """The lines as `ast` counts them: only a newline ends a line, not a form feed or a
    Unicode separator."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


_NO_LITERAL = (ValueError, KeyError, TypeError, RecursionError, MemoryError)


def _optional_texts(
    name: str, values: Mapping[str, ast.expr]
) -> tuple[str, ...] | None:
    try:
        return _texts(values[name], values) if name in values else ()
    except _NO_LITERAL:
        return None


def _texts(node: ast.expr, values: Mapping[str, ast.expr]) -> tuple[str, ...]:
    found = _literal(node, values)
    if not isinstance(found, tuple | list | set):
        found = (found,) if found else ()
    return tuple(map(str, found))


def _literal(node: ast.expr, values: Mapping[str, ast.expr]) -> object:
    """The value of `node`; names of constants in the same file are resolved."""
    if isinstance(node, ast.Name):
        others = {name: value for name, value in values.items() if name != node.id}
        return _literal(values[node.id], others)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_literal(each, values) for each in node.elts)
    return ast.literal_eval(node)


def _stored(module: ast.Module) -> set[str]:
    return {
        node.id
        for statement in module.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _assigned(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
                yield name, value


def _with_literal(text: str, node: ast.expr, value: object) -> str:
    lines = [line.encode() for line in lines_of(text)]
    assert node.end_lineno is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    start = b"".join(lines[:first]) + lines[first][: node.col_offset]
    end = lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])
    literal = repr(value).replace("'", '"')
    return b"".join((start, literal.encode(), end)).decode()
