"""The comparison of blocks by meaning, ignoring their layout."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from fastgen.merge.structure.blocks import Block, Group, Kind

Meaning = tuple[object, ...]


def _no_remarks(_: str) -> list[str]:
    return []


def _never(_: Group) -> bool:
    return False


@dataclass(frozen=True)
class Wording:
    """The variations with which a language can write the same thing."""

    plain: Callable[[str], str] = str.strip
    """`plain(text)`: the text without comments in a normalized form. Texts that differ
    only in quotes or spaces have the same form."""
    remarks: Callable[[str], list[str]] = _no_remarks
    """`remarks(text)`: the comments in a text, each starting with `#`."""
    is_unordered: Callable[[Group], bool] = _never
    """Whether the order of a group's children has no effect, as for keys."""

    def is_same(self, one: Block | Group, other: Block | Group) -> bool:
        """Whether both have the same meaning, ignoring layout and comments."""
        return one == other or self._meaning(one) == self._meaning(other)

    def is_same_text(self, one: str, other: str) -> bool:
        return one == other or self.plain(one) == self.plain(other)

    def has_same_children(self, one: Group, other: Group) -> bool:
        """Whether two groups have the same children, ignoring their heads."""
        return self.is_same(replace(one, heads=()), replace(other, heads=()))

    def _meaning(self, of: Block | Group) -> Meaning:
        if isinstance(of, Block):
            parts = (
                self.plain(part) if isinstance(part, str) else self._meaning(part)
                for part in of.parts
            )
            return tuple(part for part in parts if part)
        children = [self._meaning(child) for child in of.children]
        if of.kind is Kind.NAMES:
            return (Kind.NAMES, *sorted(children, key=repr))
        if self.is_unordered(of):
            children = sorted(children, key=repr)
        if of.kind is Kind.CALL:  # keyword arguments have no order
            pairs = [*zip(of.children, children, strict=True)]
            named = [meaning for child, meaning in pairs if child.rank == 1]
            others = [meaning for child, meaning in pairs if child.rank != 1]
            children = [*others, *sorted(named, key=repr)]
        return (of.kind, *of.heads, *children) if children or of.heads else ()

    def all_remarks(self, block: Block) -> list[str]:
        """The comments above, in and after `block`."""
        return [*comment_lines(block.comments), *self.inner_remarks(block)]

    def inner_remarks(self, block: Block) -> list[str]:
        """The comments in and after `block`."""
        return [*self._in_parts(block), *comment_lines(block.note)]

    def _in_parts(self, block: Block) -> Iterator[str]:
        for part in block.parts:
            if isinstance(part, str):
                yield from self.remarks(part)
                continue
            opening = part.open.partition("#")
            yield from comment_lines(opening[1] + opening[2])
            for child in part.children:
                yield from self.all_remarks(child)
            yield from comment_lines(part.comments)

    def hoisted(self, base: Block, user: Block, next_: Block | None = None) -> str:
        """The comments in `user` that neither `base` nor `next_` has, each on its own
        line."""
        known = Counter(self.all_remarks(base))
        known |= Counter(self.all_remarks(next_)) if next_ else Counter()
        found = []
        for remark in self.inner_remarks(user):
            if known[remark]:
                known[remark] -= 1
            else:
                found.append(f"{user.indent}{remark}\n")
        return "".join(found)


def text_of_data(value: object) -> str:
    """A text for `value` from a data format, which does not depend on the order of
    keys."""
    if isinstance(value, dict):
        items = (f"{key!r}: {text_of_data(each)}" for key, each in value.items())
        return f"{{{', '.join(sorted(items))}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(text_of_data, value))}]"
    return repr(value)


def comment_lines(comments: str) -> list[str]:
    """The lines of `comments` that are not blank."""
    return [line.strip() for line in comments.splitlines() if line.strip()]


def groups_of(block: Block) -> list[Group]:
    return [part for part in block.parts if isinstance(part, Group)]


def signature(block: Block) -> tuple[Kind | None, ...]:
    return tuple(None if isinstance(part, str) else part.kind for part in block.parts)


_DEFINITIONS = ("def ", "class ")


def in_order_of(block: Block, other: Block) -> Block:
    """`block` with its functions and classes in the order of `other`."""
    if signature(block) != signature(other):
        return block
    pairs = zip(block.parts, other.parts, strict=True)
    parts = (
        _sorted_as(part, model)
        if isinstance(part, Group) and isinstance(model, Group)
        else part
        for part, model in pairs
    )
    return replace(block, parts=tuple(parts))


def _sorted_as(group: Group, other: Group) -> Group:
    places = {child.key: number for number, child in enumerate(other.children)}
    movable = [c for c in group.children if c.key.startswith(_DEFINITIONS)]
    ordered = iter(sorted(movable, key=lambda child: places.get(child.key, 0)))
    children = (
        next(ordered) if child.key.startswith(_DEFINITIONS) else child
        for child in group.children
    )
    return replace(group, children=tuple(children))


def emptied(block: Block) -> Block:
    return replace(
        block,
        parts=tuple(
            part if isinstance(part, str) else replace(part, children=(), comments="")
            for part in block.parts
        ),
    )
