"""The order of the blocks in the result."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from fastgen.merge.structure.blocks import Block
from fastgen.merge.structure.matching import Ids, Matched


def merged_order(sides: Matched, present: Collection[str]) -> tuple[list[str], bool]:
    """The ids of `present` in order, and whether the two sides changed the order in
    incompatible ways.

    The user's order applies, unless only next changed it; compatible changes of both
    sides are combined. A new block of the other side follows its closest predecessor
    there; if its siblings are sorted on both sides, it goes to its sorted position.
    Both sides may change an order that has no effect: that of imports and of fields.
    """
    common = [i for i in sides.base if i in sides.next and i in sides.user]
    next_order = [i for i in sides.next if i in common]
    user_order = [i for i in sides.user if i in common]
    if next_order in (common, user_order):
        return _woven(sides.user, sides.next, present), False
    if user_order == common:
        return _woven(sides.next, sides.user, present), False
    orders = [
        [i for i in side if i in common and _has_meaning(side[i])]
        for side in (sides.base, sides.next, sides.user)
    ]
    if orders[1] in orders[::2] or orders[2] == orders[0]:
        return _woven(sides.user, sides.next, present), False
    both = _both_orders(*orders)
    if both is None:
        return _woven(sides.user, sides.next, present), True
    following = iter(both)
    user = (next(following) if i in both else i for i in sides.user)
    reordered = {i: sides.user[i] for i in user}
    return _woven(reordered, sides.next, present), False


def _both_orders(
    base: Sequence[str], next_: Sequence[str], user: Sequence[str]
) -> list[str] | None:
    """The blocks in an order that swaps each pair which one side has swapped. None if
    there is no such order, or if the sides do not have the same blocks."""
    if not {*base} == {*next_} == {*user}:
        return None
    in_base, in_next, in_user = (
        {name: number for number, name in enumerate(side)}
        for side in (base, next_, user)
    )

    def is_first(one: str, other: str) -> bool:
        before = in_base[one] < in_base[other]
        sides = (in_next[one] < in_next[other], in_user[one] < in_user[other])
        return before if all(side is before for side in sides) else not before

    # In a total order, the number of later blocks is different for each block.
    behind = {
        one: sum(is_first(one, two) for two in base if two != one) for one in base
    }
    if len({*behind.values()}) < len(base):
        return None
    return sorted(base, key=lambda name: -behind[name])


def _has_meaning(block: Block) -> bool:
    return block.order is None and not block.is_unordered


def _woven(first: Ids, second: Ids, present: Collection[str]) -> list[str]:
    """The order of `first`, with the blocks that only `second` has inserted."""
    result = [name for name in first if name in present]
    runs, other_runs = _sorted_runs(first), _sorted_runs(second)
    names = [name for name in second if name in present]
    blocks = {**second, **first}
    for index, name in enumerate(names):
        if name in first:
            continue
        place = _sorted_place(name, result, first, runs, other_runs, blocks)
        if place is None:
            place = _place_by_neighbours(names, index, result)
            if second[name].gap:
                place = _end_of_paragraph(place, result, first, second)
        result.insert(_within_rank(place, blocks[name], result, blocks), name)
    return result


def _place_by_neighbours(names: Sequence[str], index: int, result: list[str]) -> int:
    for before in reversed(names[:index]):
        if before in result:
            return result.index(before) + 1
    for after in names[index + 1 :]:
        if after in result:
            return result.index(after)
    return len(result)


def _end_of_paragraph(place: int, result: list[str], first: Ids, second: Ids) -> int:
    """The position after blocks that only `first` has there, up to a blank line."""
    while 0 < place < len(result):
        name = result[place]
        if name in second or first[name].gap:
            break
        place += 1
    return place


def _within_rank(place: int, block: Block, result: list[str], blocks: Ids) -> int:
    while place < len(result) and blocks[result[place]].rank < block.rank:
        place += 1
    while place > 0 and blocks[result[place - 1]].rank > block.rank:
        place -= 1
    return place


def _sorted_runs(ids: Ids) -> Mapping[str, int]:
    """The run of each block that is among sorted siblings.

    A blank line ends a run, and so does a block that is never sorted.
    """
    runs: list[list[str]] = [[]]
    for name, block in ids.items():
        if block.gap or block.order is None:
            runs.append([])
        if block.order is not None:
            runs[-1].append(name)
    return {
        name: number
        for number, run in enumerate(runs)
        if all(_precedes(ids[a], ids[b]) for a, b in pairwise(run))
        for name in run
    }


def _precedes(one: Block, other: Block) -> bool:
    assert one.order is not None
    assert other.order is not None
    return one.order <= other.order


def _sorted_place(
    name: str,
    result: list[str],
    first: Ids,
    runs: Mapping[str, int],
    other_runs: Mapping[str, int],
    blocks: Ids,
) -> int | None:
    run = other_runs.get(name)
    if run is None:
        return None
    mates = [mate for mate, number in other_runs.items() if number == run]
    homes = {runs.get(mate) for mate in mates if mate in first and mate in result}
    if len(homes) != 1 or None in homes:
        return None
    (home,) = homes
    members = [
        place
        for place, member in enumerate(result)
        if runs.get(member) == home or member in mates
    ]
    before = [p for p in members if _precedes(blocks[result[p]], blocks[name])]
    return before[-1] + 1 if before else members[0]
