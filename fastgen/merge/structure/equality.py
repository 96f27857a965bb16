"""What a block says, apart from its layout."""

from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group, Kind


def groups_of(block: Block) -> list[Group]:
    return [part for part in block.parts if isinstance(part, Group)]


def strings_of(block: Block) -> list[str]:
    return [part for part in block.parts if isinstance(part, str)]


def signature(block: Block) -> tuple[Kind | None, ...]:
    return tuple(None if isinstance(part, str) else part.kind for part in block.parts)


def emptied(block: Block) -> Block:
    return replace(
        block,
        parts=tuple(
            part if isinstance(part, str) else replace(part, children=(), comments="")
            for part in block.parts
        ),
    )


def content(block: Block) -> tuple[object, ...]:
    """A block without its layout: equal ones say the same."""
    return (
        *(
            part.strip()
            if isinstance(part, str)
            else (
                *((child.comments.split(), content(child)) for child in part.children),
                part.comments.split(),
                part.open.partition("#")[2],
            )
            for part in block.parts
        ),
        block.note.strip(),
    )
