"""Prose and recipes by section: Markdown by heading, a Makefile by paragraph.

A section is one leaf: where both sides changed the same one, they clash.
"""

import re
from collections.abc import Callable, Iterator

from fastgen.merge.blocks import Block, Group, Merged
from fastgen.merge.threeway import merged_texts

_HEADING = re.compile(r"#{1,2} ")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE = re.compile(r"([^\s:=?+#][^:=?+#\n]*?)\s*(?::|=|\?=|\+=)")


def merged_markdown(base: str, next_: str, user: str) -> Merged:
    """Merge by section; each begins at a heading of the first or the second level."""
    return merged_texts(base, next_, user, _markdown)


def merged_makefile(base: str, next_: str, user: str) -> Merged:
    """Merge by paragraph; one that has a rule or a variable is known by its name."""
    return merged_texts(base, next_, user, _makefile)


def _markdown(text: str) -> Group:
    fence = ""

    def starts(line: str, _: str) -> bool:
        nonlocal fence
        if mark := _FENCE.match(line):
            fence = "" if fence == mark[1] else fence or mark[1]
        return not fence and _HEADING.match(line) is not None

    return _group(text, starts, lambda section: section.partition("\n")[0].strip())


def _makefile(text: str) -> Group:
    def starts(line: str, above: str) -> bool:
        return not above.strip() and not line.startswith("\t")

    return _group(text, starts, _rule)


def _rule(paragraph: str) -> str:
    lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
    found = _RULE.match(lines[0]) if lines else None
    return found[1] if found else paragraph.partition("\n")[0]


def _group(
    text: str, starts: Callable[[str, str], bool], key: Callable[[str], str]
) -> Group:
    children: list[Block] = []
    gap, number = "", 1
    for piece in _pieces(text, starts):
        body = piece.strip("\n")
        before = piece[: len(piece) - len(piece.lstrip("\n"))]
        if body:
            line = number + gap.count("\n") + before.count("\n")
            children.append(
                Block(key(body), (body,), gap=gap + before, end="\n", line=line)
            )
            number, gap = line + body.count("\n") + 1, ""
            before = piece[len(before) + len(body) + 1 :]
        gap += before
    return Group(tuple(children), gap=gap)


def _pieces(text: str, starts: Callable[[str, str], bool]) -> Iterator[str]:
    """`text` cut before each line that starts a section."""
    piece, above = "", ""
    for line in text.splitlines(keepends=True):
        if starts(line, above) and line.strip() and piece:
            yield piece
            piece = ""
        piece += line
        above = line
    yield piece
