"""The blank lines between the blocks of a result.

Blank lines belong to a pair of neighbours, not to a block: inserting a block between
two neighbours must not double them, and removing it must restore them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastgen.merge.structure.blocks import Group
from fastgen.merge.structure.matching import Ids, Matched

START, END = "<start>", "<end>"


@dataclass(frozen=True)
class _Side:
    """The blank lines of one version, by pair, and before and after each id."""

    pairs: Mapping[tuple[str, str], str]
    before: Mapping[str, str]
    after: Mapping[str, str]
    previous: Mapping[str, str]
    rooms: Mapping[str, int]
    """The number of blank lines that a block needs around it; 0 if this version has
    fewer."""


def _side(ids: Ids, group: Group) -> _Side:
    names = [START, *ids, END]
    gaps = [block.gap for block in ids.values()] + [group.gap]
    pairs = dict(zip(pairwise(names), gaps, strict=True))
    inside = ["", *gaps[1:-1], ""]  # not the gaps at the ends of the group
    around = {n: _larger(*p) for n, p in zip(ids, pairwise(inside), strict=False)}
    return _Side(
        pairs,
        {after: gap for (_, after), gap in pairs.items()},
        {before: gap for (before, _), gap in pairs.items()},
        {after: before for before, after in pairs},
        {
            name: block.room
            if len(ids) == 1 or _height(around[name]) >= block.room
            else 0
            for name, block in ids.items()
        },
    )


def merged_gaps(
    sides: Matched,
    groups: tuple[Group, Group, Group],
    order: Sequence[str],
) -> dict[str, str]:
    """The blank lines before each id of `order`, and before END."""
    base, next_, user = (
        _side(ids, group)
        for ids, group in zip((sides.base, sides.next, sides.user), groups, strict=True)
    )
    blocks = {**sides.next, **sides.user}
    names = [START, *order, END]
    gaps: dict[str, str] = {}
    unknown: list[int] = []
    for index, (one, other) in enumerate(pairwise(names)):
        gap = _known(one, other, base, next_, user)
        if gap is None and _is_family(one, other, blocks):
            gaps[other] = ""
        elif gap is None:
            unknown.append(index)
        else:
            gaps[other] = gap
    for index in unknown:
        one, other = names[index], names[index + 1]
        gap = _estimated(names, index, gaps, next_, user)
        rooms = {START: 0, END: 0, **next_.rooms, **user.rooms}
        room = max(rooms[one], rooms[other])
        gaps[other] = _larger(gap, "\n" * room)
    return gaps


def _is_family(one: str, other: str, blocks: Ids) -> bool:
    families = [blocks[name].family for name in (one, other) if name in blocks]
    return len(families) == 2 and families[0] == families[1] != ""


def _known(one: str, other: str, base: _Side, next_: _Side, user: _Side) -> str | None:
    pair = (one, other)
    base_gap, next_gap, user_gap = (
        side.pairs.get(pair) for side in (base, next_, user)
    )
    if user_gap is not None:
        is_changed = next_gap is not None and user_gap == base_gap
        return next_gap if is_changed else user_gap
    if _is_changed(other, base, user):
        return user.before[other]
    return next_gap


def _is_changed(name: str, base: _Side, user: _Side) -> bool:
    """Whether the user changed the blank lines between `name` and its predecessor."""
    return (
        name in user.previous
        and user.previous[name] == base.previous.get(name)
        and user.before[name] != base.before[name]
    )


def _estimated(
    names: Sequence[str],
    index: int,
    gaps: Mapping[str, str],
    next_: _Side,
    user: _Side,
) -> str:
    """The blank lines between two blocks that are not neighbours in any version."""
    one, other = names[index], names[index + 1]
    one_side = user if one in user.after else next_
    other_side = user if other in user.before else next_
    if one_side is other_side:  # the blocks between them are gone
        if one == START:
            return one_side.after[one]
        if other == END:
            return one_side.before[other]
        if one_side is user and _is_roomy(one, other, user):
            return next_.after.get(one, next_.before.get(other, user.before[other]))
        return _larger(one_side.after[one], one_side.before[other])
    if one_side is user:
        end = next(i for i in range(index + 1, len(names)) if names[i] in user.before)
        whole, rest = user.after[one], names[index + 2 : end + 1]
    else:
        start = next(i for i in range(index, -1, -1) if names[i] in user.after)
        whole, rest = user.before[other], names[start + 1 : index + 1]
    taken = max((gaps.get(name, "") for name in rest), key=_height, default="")
    if _height(whole) > _height(taken):
        return whole
    if one_side is user and _is_paragraph(next_.previous[other], one, user):
        return next_.before[other]
    return min(_after(one, one_side), _before(other, other_side), key=_height)


def _is_roomy(one: str, other: str, side: _Side) -> bool:
    """Whether the blank lines between two blocks were needed by a block between
    them."""
    between = []
    name = side.previous[other]
    while name not in (one, START):
        between.append(name)
        name = side.previous[name]
    return any(side.rooms[name] for name in between) and not (
        side.rooms[one] or side.rooms[other]
    )


def _is_paragraph(first: str, last: str, side: _Side) -> bool:
    """Whether no blank line separates `first` from the later block `last`."""
    while last != first:
        if side.before.get(last, "\n"):
            return False
        last = side.previous[last]
    return True


def _after(name: str, side: _Side) -> str:
    is_last = side.previous[END] == name
    return side.before.get(name, "") if is_last else side.after[name]


def _before(name: str, side: _Side) -> str:
    is_first = side.previous.get(name) == START
    return side.after.get(name, "") if is_first else side.before[name]


def _larger(one: str, other: str) -> str:
    return max(one, other, key=_height)


def _height(gap: str) -> int:
    return gap.count("\n")
