"""Matches dotted keys with keys in tables."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.merge.structure.blocks import Block, Group
from fastgen.merge.toml.values import BARE, Path, parsed_key


@dataclass(frozen=True)
class _Homes:
    """The tables in which the user's text defines keys and dotted tables, by full path,
    and the tables with a header."""

    keys: Mapping[Path, Path]
    dotted: Mapping[Path, Path]
    tables: Mapping[Path, Block]

    def of(self, table: Path, key: Path) -> Path:
        full = table + key
        if full in self.keys:
            return self.keys[full]
        if table not in self.tables and table in self.dotted:
            return self.dotted[table]
        if table not in self.tables or len(key) > 1:
            for cut in range(len(full) - 1, len(table), -1):
                if full[:cut] in self.tables:
                    return full[:cut]
        return table


def at_home(group: Group, user: Group) -> Group:
    """`group` with its keys in the tables in which the user has them."""
    homes = _homes(user)
    moved: dict[Path, list[Block]] = {}
    roots: list[Block] = []
    tables: list[Block] = []
    for table, block, entries in _tables(group):
        stay = []
        for entry in entries:
            key = parsed_key(entry.body, 0)[0]
            home = homes.of(table, key)
            if home == table:
                stay.append(entry)
            else:
                relative = (table + key)[len(home) :]
                moved.setdefault(home, []).append(_renamed(entry, relative))
        if block is None:
            roots = stay
        elif stay or not entries:
            tables.append(_with_entries(block, stay))
        elif table in homes.tables:
            tables.append(_with_entries(block, []))
    if not moved:
        return group
    roots += moved.pop((), [])
    for index, block in enumerate(tables):
        extra = moved.pop(_path(block), None)
        if extra:
            tables[index] = _with_entries(block, [*_entries(block), *extra])
    for home, entries in moved.items():
        tables.append(_with_entries(homes.tables[home], entries))
    others = [b for b in group.children if b.rank and b.key.startswith("[[")]
    return replace(group, children=(*roots, *tables, *others))


def _homes(user: Group) -> _Homes:
    keys: dict[Path, Path] = {}
    dotted: dict[Path, Path] = {}
    tables: dict[Path, Block] = {}
    for table, block, entries in _tables(user):
        if block is not None:
            tables[table] = block
        for entry in entries:
            key = parsed_key(entry.body, 0)[0]
            keys[table + key] = table
            for cut in range(1, len(key)):
                dotted[table + key[:cut]] = table
    return _Homes(keys, dotted, tables)


def _tables(group: Group) -> Iterator[tuple[Path, Block | None, list[Block]]]:
    """The root and each table with its entries. Arrays of tables have no unique path
    and are left out."""
    yield (), None, [block for block in group.children if not block.rank]
    for block in group.children:
        if block.rank and not block.key.startswith("[["):
            yield _path(block), block, _entries(block)


def _path(block: Block) -> Path:
    return parsed_key(block.body, 1)[0]


def _entries(block: Block) -> list[Block]:
    body = block.parts[2]
    assert isinstance(body, Group)
    return list(body.children)


def _with_entries(block: Block, entries: list[Block]) -> Block:
    head, tail, body, nested = block.parts
    assert isinstance(body, Group)
    return replace(
        block, parts=(head, tail, replace(body, children=tuple(entries)), nested)
    )


def _renamed(entry: Block, key: Path) -> Block:
    head, *rest = entry.parts
    assert isinstance(head, str)
    value = head[parsed_key(entry.body, 0)[1] :]
    name = ".".join(
        part if BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False)
        for part in key
    )
    dotted = ".".join(key)
    return replace(
        entry, key=dotted, parts=(f"{name} = {value}", *rest), order=(dotted,)
    )
