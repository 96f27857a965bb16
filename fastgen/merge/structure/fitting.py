"""A merge that drops those of fastgen's changes that would make the result invalid, and
keeps all others."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Clash, Group, Merged, Unreadable
from fastgen.merge.structure.equality import signature
from fastgen.merge.structure.matching import matched
from fastgen.merge.structure.order import merged_order

Where = tuple[str, ...]


def merged_where_it_fits(
    sides: tuple[str, str, str],
    merge: Callable[[str, str, str], Merged],
    parsed: Callable[[str], Group],
    problem: Callable[[str], str | None],
) -> Merged:
    """The merge of `sides` (base, next and user). If one of fastgen's changes causes a
    `problem` in the result, it becomes a clash."""
    base, next_, user = sides
    merged = merge(base, next_, user)
    reason = None if merged.text == user else problem(merged.text)
    if reason is None or reason == problem(user):
        return merged
    left_out: list[Where] = []

    def fits(text: str) -> bool:
        try:
            return problem(merge(base, text, user).text) is None
        except Unreadable:
            return False

    fitting = _fitting(parsed(base), parsed(next_), fits, (), left_out)
    rest = merge(base, fitting.text, user)
    message = f"your changes and fastgen's do not fit together ({reason})"
    lines = _lines_of(parsed(user))
    clashes = tuple(
        Clash(" > ".join(filter(str.strip, where)), _line(where, lines), message)
        for where in left_out
    )
    both = merged.text if merged.with_next is None else merged.with_next
    if problem(rest.text) is not None:
        return Merged(user, clashes or (Clash("", 1, message),), with_next=both)
    return replace(rest, clashes=rest.clashes + clashes, with_next=both)


def _fitting(
    base: Group,
    next_: Group,
    fits: Callable[[str], bool],
    where: Where,
    left_out: list[Where],
) -> Group:
    """`next_` without the changes that do not fit; their places are added to
    `left_out`."""
    sides = matched(base.children, next_.children, base.children)
    order, _ = merged_order(sides, {**sides.base, **sides.next}.keys())
    chosen = dict(sides.base)
    for name in order:
        in_base, in_next = sides.base.get(name), sides.next.get(name)
        if in_base == in_next:
            continue
        before = chosen.pop(name, None)
        if in_next is not None:
            chosen[name] = in_next
        if fits(_group(next_, order, chosen).text):
            continue
        chosen.pop(name, None)
        if before is not None:
            chosen[name] = before
        block = in_next or in_base
        assert block is not None
        inside = (*where, block.title or block.key)
        if in_base is None or in_next is None or not _is_nested(in_base, in_next):
            left_out.append(inside)
            continue

        def fits_inside(text: str, name: str = name) -> bool:
            holder = replace(chosen[name], parts=(text,))
            return fits(_group(next_, order, {**chosen, name: holder}).text)

        chosen[name] = _fitting_block(in_base, in_next, fits_inside, inside, left_out)
    return _group(next_, order, chosen)


def _is_nested(base: Block, next_: Block) -> bool:
    return signature(base) == signature(next_) != (None,)


def _fitting_block(
    base: Block,
    next_: Block,
    fits: Callable[[str], bool],
    where: Where,
    left_out: list[Where],
) -> Block:
    """`base` with those changes inside of it that fit."""
    parts = list(base.parts)
    for index, (in_base, in_next) in enumerate(
        zip(base.parts, next_.parts, strict=True)
    ):
        if in_base == in_next:
            continue

        def text_with(part: str, index: int = index) -> str:
            texts = [p if isinstance(p, str) else p.text for p in parts]
            return "".join([*texts[:index], part, *texts[index + 1 :]])

        if isinstance(in_base, Group) and isinstance(in_next, Group):

            def fits_inside(text: str, put: Callable[[str], str] = text_with) -> bool:
                return fits(put(text))

            parts[index] = _fitting(in_base, in_next, fits_inside, where, left_out)
        elif isinstance(in_next, str) and fits(text_with(in_next)):
            parts[index] = in_next
        else:
            left_out.append(where)
    return replace(base, parts=tuple(parts))


def _group(next_: Group, order: list[str], chosen: dict[str, Block]) -> Group:
    return replace(next_, children=tuple(chosen[n] for n in order if n in chosen))


def _lines_of(group: Group, where: Where = ()) -> dict[Where, int]:
    return dict(_lines(group, where))


def _lines(group: Group, where: Where) -> Iterator[tuple[Where, int]]:
    for child in group.children:
        inside = (*where, child.title or child.key)
        yield inside, child.line
        for part in child.parts:
            if isinstance(part, Group):
                yield from _lines(part, inside)


def _line(where: Where, lines: dict[Where, int]) -> int:
    """The line of a block in the user's text, or of its closest enclosing block."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)
