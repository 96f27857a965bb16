"""Elements between brackets, split losslessly into blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastgen.merge.structure.blocks import Block, Group, Kind, split_trivia

_TRIVIA = re.compile(r"(?:\s|\\\n|#[^\n]*)*")
_LINE_END = re.compile(r"([ \t]*(?:#[^\n]*)?)(\n)")


@dataclass(frozen=True)
class Piece:
    """An element with its parts and separator, and the start and end of the parts."""

    block: Block
    start: int
    end: int


def end_of_trivia(text: str, at: int) -> int:
    """The offset after the white space and the comments at `at`."""
    found = _TRIVIA.match(text, at)
    assert found is not None
    return found.end()


def margin_at(text: str, offset: int) -> str:
    """The indentation of the line with `offset`."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def grouped(
    text: str, opener: int, closer: int, kind: Kind, pieces: Sequence[Piece]
) -> Group:
    """The text from the bracket at `opener` to the one at `closer` as a group."""
    ending = _LINE_END.match(text, opener + 1, closer)
    at = ending.end() if ending else opener + 1
    opening, fresh = text[opener:at], bool(ending)
    margin = margin_at(text, opener)
    children: list[Block] = []
    inner = None
    for piece in pieces:
        gap, comments, indent = _lead(text[at : piece.start], fresh=fresh)
        if fresh and inner is None:
            inner = indent
        at = piece.end + len(piece.block.separator)
        ending = _LINE_END.match(text, at, closer)
        fresh = bool(ending)
        note, end = (ending[1], ending[2]) if ending else ("", "")
        block = replace(piece.block, gap=gap, comments=comments, indent=indent)
        children.append(replace(block, note=note, end=end))
        at = ending.end() if ending else at
    gap, comments, indent = _lead(text[at:closer], fresh=fresh)
    return Group(
        tuple(children),
        kind,
        opening,
        indent + text[closer],
        gap,
        comments,
        margin=margin,
        inner=margin if inner is None else inner,
    )


def _lead(text: str, *, fresh: bool) -> tuple[str, str, str]:
    """The text before an element, split into gap, comments and indentation."""
    if not fresh:
        return "", "", text
    cut = text.rfind("\n") + 1
    return *split_trivia(text[:cut]), text[cut:]
