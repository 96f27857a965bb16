"""Matches inline tables with tables that have a header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.toml.values import Path, parsed_key

_FLAT = Group((), Kind.LIST, "{ ", " }", heads=("{",))


@dataclass(frozen=True)
class _Inline:
    """An inline table in the user's text."""

    home: Path
    """The path of the table that contains its key."""
    block: Block


def with_users_braces(group: Group, user: Group) -> Group:
    """`group`, of base or next, with inline tables where the user has inline tables."""
    wanted, present = dict(_inline_tables(user)), dict(_tables(group))
    moved = {path: wanted[path] for path in wanted if path in present}
    if not moved:
        return group
    children = []
    for block in group.children:
        path = _path(block)
        if path is None or not any(path[: len(own)] == own for own in moved):
            children.append(block)
    for path, inline in moved.items():
        entry = _as_entry(path, inline.block, present)
        place = next(
            (i for i, block in enumerate(children) if _path(block) == inline.home),
            None,
        )
        if not inline.home:
            children.insert(0, entry)
        elif place is None:
            return group
        else:
            children[place] = _with_entry(children[place], entry)
    return replace(group, children=tuple(children))


def _inline_tables(user: Group) -> Iterator[tuple[Path, _Inline]]:
    for block in user.children:
        path = _path(block)
        body = block.parts[2] if path is not None else Group((block,))
        for entry in body.children if isinstance(body, Group) else ():
            value = entry.parts[-1]
            is_inline = isinstance(value, Group) and value.heads == ("{",)
            if is_inline and not entry.key.startswith("["):
                home = path or ()
                yield (*home, *_key(entry)), _Inline(home, entry)


def _tables(group: Group) -> Iterator[tuple[Path, Block]]:
    for block in group.children:
        path = _path(block)
        if path is not None:
            yield path, block


def _path(block: Block) -> Path | None:
    """The path of a table with a header; None for a key or an array of tables."""
    is_table = _is_table(block) and not block.key.startswith("[[")
    return parsed_key(block.body, 1)[0] if is_table else None


def _is_table(block: Block) -> bool:
    return bool(block.rank) and len(block.parts) == 4


def _key(entry: Block) -> Path:
    return parsed_key(entry.body, 0)[0]


def _as_entry(path: Path, user: Block, tables: Mapping[Path, Block]) -> Block:
    """The table at `path` as an inline table, formatted like the user's."""
    value = user.parts[-1]
    assert isinstance(value, Group)
    own = tables[path].parts[2]
    assert isinstance(own, Group)
    in_user = {child.key: child for child in value.children}
    children = [_element(entry) for entry in own.children]
    for other in tables:
        if other[:-1] == path:
            like = in_user.get(other[-1])
            nested = like and isinstance(like.parts[-1], Group)
            head = like if like and nested else _new(other[-1])
            children.append(_element(_as_entry(other, head, tables)))
    spaced = [
        replace(
            child,
            indent=" " if number else "",
            separator="" if child is children[-1] else ",",
        )
        for number, child in enumerate(children)
    ]
    group = replace(value, children=tuple(spaced), gap="", comments="")
    return replace(user, parts=(*user.parts[:-1], group), comments="", note="")


def _new(name: str) -> Block:
    return Block(name, (f"{name} = ", _FLAT), order=(name,))


def _element(entry: Block) -> Block:
    return replace(entry, gap="", comments="", indent="", note="", end="")


def _with_entry(table: Block, entry: Block) -> Block:
    head, tail, body, nested = table.parts
    assert isinstance(body, Group)
    body = replace(body, children=(*body.children, entry))
    return replace(table, parts=(head, tail, body, nested))
