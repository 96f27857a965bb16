"""A migration as text: the revision that it makes, and those that it follows."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastgen.tree import Files, Policy, Tree

REVISION = "revision"
FOLLOWS = "down_revision"

_TITLE = re.compile(r"(\nRevision ID: )\w+(\nRevises:)[^\n]*\n")
"""What Alembic says in the docstring."""


@dataclass(frozen=True)
class Script:
    """In a template, `revision` and `follows` are names; in a project, revision ids."""

    path: str
    text: str
    revision: str
    follows: tuple[str, ...]


def scripts_in(files: Files) -> tuple[Script, ...]:
    """Those of `files` that are migrations."""
    found = (script_of(path, file.content) for path, file in files.items())
    return tuple(script for script in found if script)


def templates_in(tree: Tree) -> tuple[Script, ...]:
    """The migrations that modules bring."""
    found = (
        script_of(path, entry.content)
        for path, entry in tree.items()
        if entry.policy is Policy.JOURNAL and path.endswith(".py")
    )
    return tuple(script for script in found if script)


def script_of(path: str, content: bytes) -> Script | None:
    """The migration in `content`; None for any other file."""
    try:
        text = content.decode().replace("\r\n", "\n")
        values = dict(_assigned(ast.parse(text)))
        revision = ast.literal_eval(values[REVISION])
        follows = ast.literal_eval(values[FOLLOWS])
    except (SyntaxError, ValueError, KeyError):
        return None
    if follows is None or isinstance(follows, str):
        follows = (follows,) if follows else ()
    return Script(path, text, str(revision), tuple(map(str, follows)))


def with_revisions(script: Script, revision: str, follows: Iterable[str]) -> str:
    """Its text, as the migration that makes `revision` after `follows`."""
    names = tuple(follows)
    values = dict(_assigned(ast.parse(script.text)))
    said = names if len(names) > 1 else names[0] if names else None
    text = _with_literal(script.text, values[REVISION], revision)
    values = dict(_assigned(ast.parse(text)))
    text = _with_literal(text, values[FOLLOWS], said)
    follow = "".join(f" {name}," for name in names).rstrip(",")
    return _TITLE.sub(rf"\g<1>{revision}\g<2>{follow}\n", text, count=1)


def _assigned(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
                yield name, value


def _with_literal(text: str, node: ast.expr, value: object) -> str:
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    assert node.end_lineno is not None
    first, last = node.lineno - 1, node.end_lineno - 1
    start = b"".join(lines[:first]) + lines[first][: node.col_offset]
    end = lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])
    literal = repr(value).replace("'", '"')
    return b"".join((start, literal.encode(), end)).decode()
