"""Refusals because a command takes something away that the user's code has to do with:
they are right only where the command really takes it away."""

import ast
import re
from collections.abc import Iterator

from fastgen.merge.structure.threeway import TAKEN_AWAY
from fastgen.tree import Tree

from .first_party import ANYTHING, ROOTS, facts, module_of
from .lines_of_next import first_line
from .running import Done

_IMPORTED = re.compile(r"(?:imports ([\w.]+)|uses (\w+) from ([\w.]+)), which this")
_CHANGED = re.compile(rf"line (\d+): .*{re.escape(TAKEN_AWAY)}")
_LINES_OF_DATA = 30


def takes_away(done: Done, path: str, text: str) -> bool:
    """Whether `text`, the reason of a refusal at `path`, says that the command takes
    something away, and the command does."""
    if done.merge is None:
        return False
    base, next_ = done.merge.trees()
    if found := _IMPORTED.search(text):
        name = (found[1] or f"{found[3]}.{found[2]}").lstrip(".")
        gone = {*_names(base)} - {*_names(next_)}
        return any(f".{each}".endswith(f".{name}") for each in gone)
    if (found := _CHANGED.search(text)) and path in base and path in done.merge.user:
        sides = (base[path], next_.get(path), done.merge.user[path])
        contents = [side.content if side else b"" for side in sides]
        before, after, users = (c.decode(errors="replace") for c in contents)
        return _changes_removed(before, after, users, int(found[1]), path)
    return False


def _names(tree: Tree) -> Iterator[str]:
    """The modules of a tree, and what each binds, by dotted names."""
    for path, entry in tree.items():
        if path.endswith(".py"):
            root = next(root for root in ROOTS if path.startswith(root))
            module = module_of(path.removeprefix(root))
            yield module
            names = facts(entry.content)[0] - {ANYTHING}
            yield from (f"{module}.{name}" for name in names)


def _changes_removed(base: str, next_: str, user: str, line: int, path: str) -> bool:
    """Whether the user's statement at `line` has a line that base does not have, and
    one that fastgen removes."""
    known, kept = (
        {each.strip() for each in text.splitlines()} for text in (base, next_)
    )
    end = _end(user, line) if path.endswith(".py") else line + _LINES_OF_DATA
    own = [each.strip() for each in user.splitlines()[line - 1 : end]]
    is_removed = any(each in known - kept for each in own)
    return is_removed and any(each and each not in known for each in own)


def _end(text: str, line: int) -> int:
    """The last line of the longest statement that starts at `line`."""
    try:
        nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.stmt)]
    except SyntaxError:
        return line + _LINES_OF_DATA
    ends = [n.end_lineno or line for n in nodes if line in (n.lineno, first_line(n))]
    return max(ends, default=line)
