"""Text moved to another indentation, if the two sides indent differently."""

import re
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group

_TOKENS = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|\#[^\n]*'
    r"|(?P<line>\n(?P<indent>[ \t]*)(?=[^\n]|\Z))",
    re.DOTALL,
)


def shifted(block: Block, old: str, new: str, *, at_line_start: bool = True) -> Block:
    """`block` with the indentation `old` of its lines replaced by `new`."""
    if old == new:
        return block
    before = ""
    parts: list[str | Group] = []
    for part in block.parts:
        if isinstance(part, str):
            parts.append(_shifted_text(part, old, new))
            before = part or before
        else:
            moved = shifted_group(part, old, new, at_line_start=before.endswith("\n"))
            parts.append(moved)
            before = part.text or before
    return replace(
        block,
        comments=_shifted_lines(block.comments, old, new),
        indent=_swapped(block.indent, old, new) if at_line_start else block.indent,
        parts=tuple(parts),
        end=_shifted_text(block.end, old, new),
    )


def shifted_group(group: Group, old: str, new: str, *, at_line_start: bool) -> Group:
    if old == new:
        return group
    line_start = group.open.endswith("\n") if group.open else at_line_start
    children = []
    for child in group.children:
        children.append(shifted(child, old, new, at_line_start=line_start))
        line_start = child.end.endswith("\n")
    return replace(
        group,
        children=tuple(children),
        comments=_shifted_lines(group.comments, old, new),
        close=_swapped(group.close, old, new) if line_start else group.close,
        margin=_swapped(group.margin, old, new),
        inner=_swapped(group.inner, old, new),
    )


def _shifted_lines(lines: str, old: str, new: str) -> str:
    return "".join(
        _swapped(line, old, new) if line.strip() else line
        for line in lines.splitlines(keepends=True)
    )


def _shifted_text(text: str, old: str, new: str) -> str:
    """`text` with another indentation. Multi-line strings stay as they are."""

    def moved(match: re.Match[str]) -> str:
        if match["line"] is None:
            return match[0]
        return "\n" + _swapped(match["indent"], old, new)

    return _TOKENS.sub(moved, text) if "\n" in text else text


def _swapped(text: str, old: str, new: str) -> str:
    return new + text.removeprefix(old) if text.startswith(old) else text
