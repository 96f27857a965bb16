"""Lines that fastgen adds: each is in the project afterwards, or the report names its
file."""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache

from fastgen.plan import Action
from fastgen.tree import ENVIRONMENT, SPEC_PATH, Policy

from .running import Merge
from .snapshot import Snapshot

_WORD = re.compile(r"\w+")
_IMPORT = re.compile(r"from (\S+) import (\w+(?:, \w+)+)")


def lost_lines(
    merge: Merge, reported: Collection[str], after: Snapshot
) -> Iterator[tuple[str, str]]:
    """The path and the text of each line that only next has, and neither the project
    nor the report."""
    base, next_ = merge.trees()
    changes = {change.path: change for change in merge.plan.changes}
    for path, entry in next_.items():
        change = changes.get(path)
        if path in (SPEC_PATH, ENVIRONMENT) or path in reported:
            continue
        if entry.policy is not Policy.SHARED and path in base:
            continue
        if change and change.action is Action.KEEP:
            continue
        old = base.get(path)
        if old is None or old is entry or old.content == entry.content:
            continue
        if path not in after:
            yield path, "(the file)"
            continue
        wanted = _text(entry.content)
        result = _text(after[path].content)
        if wanted is None or result is None:
            continue
        elsewhere = _updated(merge, after, path) if path.endswith(".py") else ""
        for line in _missing(path, old.content, wanted, result):
            everywhere = f"{result}\n{elsewhere}"
            if any(part not in _squashed(everywhere) for part in _parts(line)):
                yield path, line


def _parts(line: str) -> list[str]:
    """The line; of an import, a line for each name: a definition that the user moved
    takes the names that it uses along."""
    if match := _IMPORT.fullmatch(line):
        names = match[2].split(", ")
        return [_squashed(f"from {match[1]} import {name}") for name in names]
    return [_squashed(line)]


def _updated(merge: Merge, after: Snapshot, path: str) -> str:
    """The other files that the plan updates: what the user moved is in one of them."""
    others = {c.path for c in merge.plan.changes if c.action is Action.UPDATE} - {path}
    texts = [_text(after[other].content) or "" for other in others if other in after]
    return "\n".join(texts)


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _missing(path: str, base: bytes, wanted: str, result: str) -> Iterator[str]:
    was = Counter(map(str.strip, base.decode().splitlines()))
    known = set(_WORD.findall(base.decode()))
    squashed = _squashed(result)
    here, there = (Counter(_WORD.findall(text)) for text in (result, wanted))
    for line in wanted.splitlines():
        text = line.strip()
        if was[text] > 0:
            was[text] -= 1
            continue
        words = _WORD.findall(text)
        if not words or _squashed(text) in squashed:
            continue
        new = [word for word in words if word not in known]
        if new and all(here[word] >= there[word] for word in new):
            continue
        if any(set(words) <= statement for statement in statements(path, result)):
            continue
        yield text


def _squashed(text: str) -> str:
    text = re.sub(r"\s+", "", text).replace("'", '"')
    return re.sub(r",(?=[)\]}])", "", text).rstrip(",")


def first_line(node: ast.stmt) -> int:
    """The first line of a statement, with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _last(node: ast.stmt) -> int:
    """The last line of a statement, or of its head."""
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or 0


@lru_cache(maxsize=500)
def statements(path: str, text: str) -> tuple[frozenset[str], ...]:
    """The words of each statement of Python (of a definition, those of its head), and
    of each line of anything else."""
    lines = text.splitlines()
    if path.endswith(".py"):
        try:
            nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.stmt)]
        except SyntaxError:
            nodes = []
        spans = [lines[first_line(n) - 1 : _last(n)] for n in nodes]
        lines += ["\n".join(span) for span in spans]
    return tuple(frozenset(_WORD.findall(line)) for line in lines)
