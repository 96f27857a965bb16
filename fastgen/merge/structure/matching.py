"""The matching of blocks between versions."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastgen.merge.structure.blocks import Block, Group, Kind

Ids = Mapping[str, Block]
"""The blocks of one version in order, by an id that all versions share."""

ALIKE = 0.5
"""Two definitions count as versions of one if they share more than this part of their
lines."""

_CALL = re.compile(r"(?:\w+ )?[\w.]+\(")


@dataclass(frozen=True)
class Matched:
    base: Ids
    next: Ids
    user: Ids


def matched(
    base: Sequence[Block], next_: Sequence[Block], user: Sequence[Block]
) -> Matched:
    """The blocks of three versions, by id.

    The id is the key. Among siblings with the same key, blocks with the same text are
    matched first, then the others in order. Definitions and clauses with a changed key
    are matched by their body.
    """
    versions = (base, next_, user)
    counts = [Counter(block.key for block in blocks) for blocks in versions]
    shared = {key for count in counts for key, times in count.items() if times > 1}
    ids = [[block.key for block in blocks] for blocks in versions]
    for key in shared:
        _number(key, versions, ids)
    _follow_renames(versions, ids)
    _follow_first_arguments(versions, ids)
    return Matched(
        *(
            dict(zip(i, blocks, strict=True))
            for i, blocks in zip(ids, versions, strict=True)
        )
    )


def _number(
    key: str, versions: Sequence[Sequence[Block]], ids: Sequence[list[str]]
) -> None:
    """Write a unique id for each block with this key."""
    known: list[tuple[str, str]] = []
    for blocks, names in zip(versions, ids, strict=True):
        free = list(known)
        places = [i for i, block in enumerate(blocks) if block.key == key]
        taken: dict[int, str] = {}
        for place in places:
            body = blocks[place].body
            same = next((pair for pair in free if pair[1] == body), None)
            if same:
                free.remove(same)
                taken[place] = same[0]
        for place in places:
            if place in taken:
                continue
            if free:
                taken[place] = free.pop(0)[0]
            else:
                taken[place] = f"{key} #{len(known) + 1}"
                known.append((taken[place], blocks[place].body))
        for place, name in taken.items():
            names[place] = name


def _follow_renames(
    versions: Sequence[Sequence[Block]], ids: Sequence[list[str]]
) -> None:
    base = dict(zip(ids[0], versions[0], strict=True))
    for side, other in ((1, 2), (2, 1)):
        present = set(ids[side])
        gone = {i: _statements(b) for i, b in base.items() if i not in present}
        gone = {name: statements for name, statements in gone.items() if statements}
        for place, block in enumerate(versions[side]):
            name = ids[side][place]
            if not gone or name in base or name in ids[other]:
                continue
            best = _most_alike(block, gone)
            if best:
                ids[side][place] = best
                del gone[best]


def _follow_first_arguments(
    versions: Sequence[Sequence[Block]], ids: Sequence[list[str]]
) -> None:
    """Match calls whose first argument both sides changed, if each side has exactly one
    new call of the same function at that position."""
    known = {*ids[0]}
    for place, block in enumerate(versions[0]):
        name, call = ids[0][place], _CALL.match(block.key)
        if not call or name in ids[1] or name in ids[2] or _statements(block):
            continue
        found = [
            _in_place_of(place, call[0], ids[0], blocks, names, known)
            for blocks, names in zip(versions[1:], ids[1:], strict=True)
        ]
        if None not in found:
            for names, other in zip(ids[1:], found, strict=True):
                assert other is not None
                names[other] = name


def _in_place_of(
    place: int,
    call: str,
    base: Sequence[str],
    blocks: Sequence[Block],
    names: Sequence[str],
    known: Collection[str],
) -> int | None:
    """The index of the new block that starts with `call`, if exactly one stands between
    the predecessor of `place` in base and the next known block; otherwise None."""
    above = next((n for n in reversed(base[:place]) if n in names), None)
    start = names.index(above) + 1 if above is not None else 0
    found = []
    for number in range(start, len(names)):
        if names[number] in known:
            break
        if blocks[number].key.startswith(call):
            found.append(number)
    return found[0] if len(found) == 1 else None


def _most_alike(block: Block, gone: Mapping[str, Counter[str]]) -> str | None:
    statements = _statements(block)
    if not statements:
        return None
    word = block.key.split()[0]
    likeness: dict[str, float] = defaultdict(float)
    for name, others in gone.items():
        if name.split()[0] == word:
            common = (statements & others).total()
            likeness[name] = common / max(statements.total(), others.total())
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best and likeness[best] > ALIKE else None


def _statements(block: Block) -> Counter[str]:
    """The lines in the body of a block, if it has one; for a section, the lines below
    the heading."""
    if block.leaf:
        lines = block.body.splitlines()[1:]
        return Counter(line.strip() for line in lines if line.strip())
    suites = [p for p in block.parts if isinstance(p, Group) and p.kind is Kind.LINES]
    stripped = (line.strip() for suite in suites for line in suite.text.splitlines())
    return Counter(line for line in stripped if line)
