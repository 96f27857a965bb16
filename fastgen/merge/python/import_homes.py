"""Matches imported names across import statements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.layout import Shape, reshaped, shape_of

_UNIT = "    "


@dataclass(frozen=True)
class _Homes:
    """The user's import statements of one module: the key of the statement for each
    name."""

    keys: Mapping[str, str]
    is_split: bool
    """Whether each name has a separate statement."""

    def of(self, name: str, module: str) -> str:
        if name in self.keys:
            return self.keys[name]
        if self.is_split or " as " in name:
            return f"{module} {name}"
        return next(iter(self.keys.values()))


def with_users_imports(group: Group, user: Group) -> Group:
    """`group` with each imported name in the statement in which the user has it.
    `group` holds the top-level statements of base, next or the user's file."""
    homes = _homes(user)
    if not homes:
        return group
    children: list[Block] = []
    for child in group.children:
        if module := _module(child):
            children += _parted(child, module, homes.get(module))
        else:
            children.append(child)
    return replace(group, children=tuple(_united(children, homes)))


def _homes(user: Group) -> dict[str, _Homes]:
    """The modules whose names the user imports in other statements than isort would."""
    found: dict[str, list[list[str]]] = {}
    for child in user.children:
        if module := _module(child):
            names = [name.key for name in _names(child).children]
            found.setdefault(module, []).append(names)
    return {
        module: _Homes(
            {n: f"{module} {names[0]}" for names in reversed(lists) for n in names},
            is_split=len(lists) > 1 and all(len(names) == 1 for names in lists),
        )
        for module, lists in found.items()
        if not _is_usual(lists)
    }


def _is_usual(lists: list[list[str]]) -> bool:
    """Whether the statements are as isort writes them: each `name as other` alone, all
    other names in one statement."""
    plain = [names for names in lists if " as " not in names[0]]
    return len(plain) < 2 and all(
        len(names) == 1 or not any(" as " in name for name in names) for names in lists
    )


def _module(block: Block) -> str:
    """`from MODULE import` for a statement that imports names, otherwise an empty
    string."""
    if len(block.parts) != 3:
        return ""
    head, names, _ = block.parts
    if isinstance(head, Group) or isinstance(names, str):
        return ""
    if names.kind is not Kind.NAMES:
        return ""
    return "" if names.children[0].key == "*" else " ".join(head.split())


def _names(block: Block) -> Group:
    names = block.parts[1]
    assert isinstance(names, Group)
    return names


def _parted(block: Block, module: str, homes: _Homes | None) -> Iterator[Block]:
    """The import statement `block`, split into one statement for each of the user's
    statements that imports some of its names."""
    if homes is None:
        yield block
        return
    by_home: dict[str, list[Block]] = {}
    for name in _names(block).children:
        by_home.setdefault(homes.of(name.key, module), []).append(name)
    for number, (key, names) in enumerate(by_home.items()):
        part = block if len(by_home) == 1 else _with_names(block, names)
        if number:
            part = replace(part, gap="", comments="", note="")
        yield replace(part, key=key)


def _united(blocks: list[Block], homes: Mapping[str, _Homes]) -> list[Block]:
    """The statements, joined where the user has joined them."""
    places: dict[str, int] = {}
    result: list[Block] = []
    for block in blocks:
        if _module(block) not in homes:
            result.append(block)
        elif block.key in places:
            place = places[block.key]
            names = [*_names(result[place]).children, *_names(block).children]
            result[place] = _with_names(result[place], names)
        else:
            places[block.key] = len(result)
            result.append(block)
    return result


def _with_names(block: Block, names: list[Block]) -> Block:
    group = _names(block)
    shape = shape_of(group) or Shape.FLAT
    shape = Shape.FLAT if shape is Shape.OTHER else shape
    names = [replace(name, separator=",") for name in names]
    chosen = reshaped(replace(group, children=tuple(names)), shape, _UNIT)
    return replace(block, parts=(block.parts[0], chosen, block.parts[2]))
