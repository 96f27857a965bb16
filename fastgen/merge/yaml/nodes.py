"""YAML mappings and sequences as blocks; None if they cannot be split safely."""

import re
from dataclasses import dataclass, replace

import yaml

from fastgen.merge.structure.blocks import Block, Group, Kind, split_trivia
from fastgen.merge.structure.brackets import Piece, end_of_trivia, grouped

_NAMES = ("id", "name", "repo", "uses")
_TAIL = re.compile(r"([ \t]*(?:(?<=[ \t])#[^\n]*)?)(\n?)\Z")
_VARIABLE = re.compile(r"([A-Za-z_]\w*)=")
_DASH = re.compile(r" *-[ ]+\Z")
_ENTRY_OF_ITS_OWN = 2  # the depth of entries such as services and jobs


@dataclass(frozen=True)
class _Entry:
    """A key with its value, or an item of a sequence: the start of its line, and its
    own start."""

    begin: int
    start: int
    key: yaml.Node | None
    value: yaml.Node


def value_group(
    text: str, node: yaml.Node, at: int, stop: int, depth: int
) -> Group | None:
    """The block mapping or sequence in `text[at:stop]`, split into entries."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return None
    entries = _entries(text, node, at)
    if entries is None:
        return None
    column = entries[0].start - _line_start(text, entries[0].start)
    if isinstance(node, yaml.SequenceNode):
        column = _line_before(text, entries[0].start).index("-")
    children = []
    ends = [entry.begin for entry in entries[1:]] + [stop]
    for entry, limit in zip(entries, ends, strict=True):
        end = _without_trivia(text, entry.start, limit, column)
        block = _block(text, entry, end, depth + 1)
        if block is None or entry.begin < at:
            return None
        gap, comments = split_trivia(text[at : entry.begin])
        children.append(replace(block, gap=gap, comments=comments))
        at = end
    gap, comments = split_trivia(text[at:stop])
    indent = " " * column
    return Group(
        tuple(children),
        gap=gap,
        comments=comments,
        margin=indent,
        inner=indent,
        heads=(type(node).__name__,),
    )


def _entries(text: str, node: yaml.CollectionNode, at: int) -> list[_Entry] | None:
    """The entries of a block-style node, or None if they cannot be split. Each entry
    starts its own line, except for the first, which may start at `at`."""
    found: list[_Entry] = []
    is_mapping = isinstance(node, yaml.MappingNode)
    for item in node.value:
        key, value = item if is_mapping else (None, item)
        start = (key or value).start_mark.index
        before = _line_before(text, start)
        is_first = not found and start == at
        if start < at or (is_mapping and before.strip() and not is_first):
            return None
        if is_mapping and not isinstance(key, yaml.ScalarNode):
            return None
        if not is_mapping and not _DASH.match(before):
            return None
        begin = start if is_first else start - len(before)
        found.append(_Entry(begin, start, key, value))
    starts = [entry.start for entry in found]
    return found if starts == sorted(set(starts)) else None


def _block(text: str, entry: _Entry, end: int, depth: int) -> Block | None:
    """The block for an entry whose text ends at `end`. Its value is split as deeply as
    possible."""
    key, value = entry.key, entry.value
    line = text.count("\n", 0, entry.start) + 1
    indent = re.match(" *", text[entry.begin : entry.start])
    assert indent is not None
    head_start = entry.begin + indent.end()
    if end < head_start:
        return None
    name = _name(key if key is not None else value)
    parts: tuple[str | Group, ...] | None = None
    is_alias = key is not None and value.start_mark.index < key.end_mark.index
    if not is_alias:
        parts = _collection_parts(text, entry, head_start, end, depth)
    note, feed = "", ""
    if parts is None or isinstance(parts[-1], str):
        known = (
            value.end_mark.index
            if not is_alias and not _is_block_scalar(value)
            else end
        )
        tail = _TAIL.match(text, known, end) if known < end else None
        cut = known if tail else end - text[:end].endswith("\n")
        note, feed = (tail[1], tail[2]) if tail else ("", text[cut:end])
        parts = parts or (text[head_start:cut],)
    is_sequence = isinstance(value, yaml.SequenceNode)
    plain = key if key is not None else value
    return Block(
        name,
        parts,
        indent=text[entry.begin : head_start],
        note=note,
        end=feed,
        line=line,
        order=(name,) if isinstance(plain, yaml.ScalarNode) else None,
        loose=key is not None and (is_sequence or depth != _ENTRY_OF_ITS_OWN),
    )


def _collection_parts(
    text: str, entry: _Entry, start: int, end: int, depth: int
) -> tuple[str | Group, ...] | None:
    value = entry.value
    if not isinstance(value, yaml.CollectionNode) or not value.value:
        return None
    if value.flow_style:
        group = _flow_group(text, value)
        tail = _TAIL.match(text, value.end_mark.index, end)
        return (
            (text[start : value.start_mark.index], group, "")
            if group and tail
            else None
        )
    if entry.key is None:
        at = entry.start
        if isinstance(value, yaml.SequenceNode):
            return None
    else:
        at = text.index("\n", entry.key.end_mark.index) + 1
    group = value_group(text, value, at, end, depth)
    return (text[start:at], group) if group else None


def _flow_group(text: str, node: yaml.CollectionNode) -> Group | None:
    opener = node.start_mark.index
    if text[opener] not in "[{":
        return None
    pieces = []
    behind = opener
    for item in node.value:
        key, value = item if isinstance(node, yaml.MappingNode) else (item, item)
        start, end = key.start_mark.index, value.end_mark.index
        if start <= behind or end < start or not isinstance(key, yaml.ScalarNode):
            return None
        behind = end_of_trivia(text, end)
        comma = text[behind] == ","
        end = behind if comma else end
        name = _name(key)
        block = Block(
            name,
            (text[start:end],),
            separator="," if comma else "",
            line=text.count("\n", 0, start) + 1,
            order=(name,),
        )
        pieces.append(Piece(block, start, end))
    closer = end_of_trivia(text, behind + 1) if comma else behind
    if closer != node.end_mark.index - 1:
        return None
    group = grouped(text, opener, closer, Kind.LIST, pieces)
    return replace(group, heads=(type(node).__name__,))


def _name(node: yaml.Node) -> str:
    """The name of an entry: its key, the name in `NAME=value`, or the identifying value
    of a mapping in a sequence."""
    if isinstance(node, yaml.ScalarNode):
        variable = _VARIABLE.match(node.value)
        return variable[1] if variable else str(node.value)
    if isinstance(node, yaml.MappingNode):
        values = {
            key.value: value.value
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
        }
        for name in (*_NAMES, *values):
            if name in values:
                return f"{name}: {values[name]}"
    return "-"


def _is_block_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _without_trivia(text: str, start: int, end: int, column: int) -> int:
    """The position before the blank lines and comments above `end`. Comments indented
    deeper than `column` belong to the entry."""
    while end > start:
        begin = _line_start(text, end - 1)
        line = text[begin:end]
        indent = len(line) - len(line.lstrip(" "))
        if begin <= start or (
            line.strip() and (line.lstrip()[0] != "#" or indent > column)
        ):
            break
        end = begin
    return end


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_before(text: str, at: int) -> str:
    return text[_line_start(text, at) : at]
