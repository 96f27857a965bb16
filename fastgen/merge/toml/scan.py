"""TOML text as blocks: tables, keys, and array elements."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group, Unreadable, split_trivia
from fastgen.merge.toml.values import Path, parsed_key, toml_value_parts, value_end

_TAIL = re.compile(r"([ \t]*(?:#[^\n]*)?)(\n?)")
_NAMES = ("name", "module", "id", "path", "url")


def document_group(text: str) -> Group:
    """`text` as a group of blocks. Raises Unreadable if it is not TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise Unreadable(line, str(error)) from None
    entries, at = _entries(text, 0, ())
    tables: list[Block] = []
    while at < len(text) and (start := _code(text, at)) < len(text):
        table, at = _table(text, at, start)
        tables.append(table)
    gap, comments = split_trivia(text[at:])
    tables = list(_nested(tables))
    group = Group((*entries, *tables), gap=gap, comments=comments)
    assert group.text == text
    return group


def _code(text: str, at: int) -> int:
    """The first line from `at` on that is neither blank nor a comment."""
    while at < len(text):
        line_end = text.find("\n", at) + 1 or len(text)
        if text[at:line_end].strip()[:1] not in ("", "#"):
            return at
        at = line_end
    return at


def _entries(text: str, at: int, table: Path) -> tuple[list[Block], int]:
    """The keys from `at` up to the next table, and the offset after them."""
    entries: list[Block] = []
    while (begin := _code(text, at)) < len(text):
        start = begin + len(text[begin:]) - len(text[begin:].lstrip())
        if text[start] == "[":
            break
        path, value = parsed_key(text, start)
        end = value_end(text, value)
        tail = _TAIL.match(text, end)
        assert tail is not None
        gap, comments = split_trivia(text[at:begin])
        key = ".".join(path)
        entries.append(
            Block(
                key=key,
                parts=(
                    text[start:value],
                    *toml_value_parts(text, value, end, (*table, *path)),
                ),
                gap=gap,
                comments=comments,
                indent=text[begin:start],
                note=tail[1],
                end=tail[2],
                line=text.count("\n", 0, start) + 1,
                order=(key,),
                loose=text[value] == "[",
            )
        )
        at = tail.end()
    return entries, at


def _table(text: str, at: int, begin: int) -> tuple[Block, int]:
    """The table with its header in the line at `begin` and the comments above it, and
    the offset after it."""
    start = begin + len(text[begin:]) - len(text[begin:].lstrip())
    is_array = text.startswith("[[", start)
    path, end = parsed_key(text, start + 1 + is_array)
    stop = text.find("\n", end) + 1 or len(text)
    entries, behind = _entries(text, stop, path)
    own = _own_comments(text, behind)
    name = ".".join(path)
    gap, comments = split_trivia(text[at:begin])
    body = Group(
        tuple(entries),
        comments=text[behind:own],
        inner=entries[0].indent if entries else "",
    )
    block = Block(
        key=f"[[{name}]] {_identity(entries)}" if is_array else name,
        parts=(text[start:end], text[end:stop], body, Group(())),
        gap=gap,
        comments=comments,
        indent=text[begin:start],
        line=text.count("\n", 0, start) + 1,
        rank=1,
        room=1,
        loose=True,
        title=text[start:end],
    )
    return block, own


def _own_comments(text: str, at: int) -> int:
    """The offset after the comments directly below the last key, if a blank line
    follows them."""
    stop = at
    while text[stop:].lstrip(" \t").startswith("#"):
        stop = text.find("\n", stop) + 1 or len(text)
    line = text[stop : text.find("\n", stop) + 1 or len(text)]
    return stop if stop == len(text) or not line.strip() else at


def _identity(entries: list[Block]) -> str:
    """The value that identifies one table in an array of tables."""
    named = {entry.key: entry.body for entry in entries}
    found = next((named[name] for name in _NAMES if name in named), "")
    return " ".join(found.split())


def _nested(tables: list[Block]) -> Iterator[Block]:
    """The tables, with each subtable of an array of tables inside its parent."""
    array: Block | None = None
    inside: list[Block] = []
    for table in tables:
        name = array.key[2:].partition("]]")[0] if array else ""
        if array and table.key.lstrip("[").startswith(f"{name}."):
            inside.append(table)
            continue
        if array:
            yield replace(array, parts=(*array.parts[:-1], Group(tuple(inside))))
        array, inside = None, []
        if table.key.startswith("[["):
            array = table
        else:
            yield table
    if array:
        yield replace(array, parts=(*array.parts[:-1], Group(tuple(inside))))
