"""Wrapping of lines that the merge made too long, and joining of lines that fit
again."""

from collections.abc import Iterator
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.layout import Shape, has_comments, reshaped, shape_of


def fitted(block: Block, width: int, unit: str) -> Block:
    """`block` with flat groups opened until all lines outside of nested statements fit
    into `width`."""
    while _width(block) > width:
        wider = next(
            (new for new in _opened(block, unit, width) if _width(new) < _width(block)),
            None,
        )
        if wider is None:
            break
        block = wider
    return block


def relaxed(
    block: Block, sides: tuple[Block, Block | None, Block], width: int, unit: str
) -> Block:
    """`block` with those groups flat again that are flat in base and next, if the
    user's text only had them open because the line was too long."""
    base, next_, user = sides
    for index, part in enumerate(block.parts):
        if isinstance(part, str) or has_comments(part):
            continue
        shapes = [_shape_at(side, index) for side in (base, next_, user)]
        if shapes[0] is not Shape.FLAT or shapes[1] not in (Shape.FLAT, None):
            continue
        user_part = user.parts[index]
        if shapes[2] not in (Shape.EXPLODED, Shape.HUG) or isinstance(user_part, str):
            continue
        before = _with_part(user, index, reshaped(user_part, Shape.FLAT, unit))
        after = _with_part(block, index, reshaped(part, Shape.FLAT, unit))
        if _width(before) > width >= _width(after):
            block = after
    return block


def _shape_at(block: Block | None, index: int) -> Shape | None:
    part = block.parts[index] if block and index < len(block.parts) else ""
    return None if isinstance(part, str) else shape_of(part)


def _opened(block: Block, unit: str, width: int) -> Iterator[Block]:
    """`block` with one flat group opened; variants with the outermost and first group
    come first."""
    for index, part in enumerate(block.parts):
        if isinstance(part, str):
            continue
        if shape_of(part) is Shape.FLAT:
            for shape in (Shape.HUG, Shape.EXPLODED):
                if shape is Shape.HUG and part.kind is not Kind.CALL:
                    continue
                new = _with_part(block, index, reshaped(part, shape, unit))
                if shape is Shape.EXPLODED or _width(new) <= width:
                    yield new
        elif shape_of(part) is Shape.HUG:
            yield _with_part(block, index, reshaped(part, Shape.EXPLODED, unit))
        if part.kind is Kind.LINES:
            continue
        for place, child in enumerate(part.children):
            for opened in _opened(child, unit, width):
                children = (*part.children[:place], opened, *part.children[place + 1 :])
                yield _with_part(block, index, replace(part, children=children))


def _with_part(block: Block, index: int, part: Group) -> Block:
    return replace(block, parts=(*block.parts[:index], part, *block.parts[index + 1 :]))


def _width(block: Block) -> int:
    """The length of the longest line of a statement, without its body and last
    comment."""
    return max(map(len, (block.indent + head_of(block)).split("\n")))


def head_of(block: Block) -> str:
    """The text of a statement without the statements in it."""
    return "".join(
        part
        if isinstance(part, str)
        else "\n"
        if part.kind is Kind.LINES
        else part.text
        for part in block.parts
    )
