"""The structural merge of three trees of blocks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from fastgen.merge.structure.assembly import assembled
from fastgen.merge.structure.blocks import Block, Clash, Deleted, Group, Kind, Merged
from fastgen.merge.structure.comments import (
    own_comments,
    with_comments,
)
from fastgen.merge.structure.equality import (
    Wording,
    emptied,
    groups_of,
    in_order_of,
    signature,
)
from fastgen.merge.structure.matching import Matched, matched
from fastgen.merge.structure.order import merged_order
from fastgen.merge.structure.parts import (
    belong_together,
    merged_strings,
    with_merged_remarks,
)
from fastgen.merge.structure.shifting import shifted, shifted_group
from fastgen.merge.structure.spacing import END, merged_gaps
from fastgen.merge.structure.wrapping import fitted, head_of, relaxed

BOTH_CHANGED = "you and fastgen both changed it"
BOTH_ADDED = "you and fastgen both added it, with different contents"
TAKEN_AWAY = "you changed it, and fastgen takes it away"
BOTH_ORDERED = "you and fastgen both changed the order"
OTHER_HEAD = (
    "one side changed its head (a function, a base class or a condition), the other its"
    " contents"
)

Part = str | Group
_AS_IT_STANDS = Wording()


@dataclass
class _Notes:
    """The state and the findings of a merge."""

    width: int | None
    unit: str
    wording: Wording
    takes_next: bool = False
    """Whether fastgen's side is used at a clash, instead of the user's."""
    clashes: list[Clash] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)


Where = tuple[str, ...]


def merged_texts(
    base: str,
    next_: str,
    user: str,
    parsed: Callable[[str], Group],
    *,
    width: int | None = None,
    unit: str = "    ",
    wording: Wording = _AS_IT_STANDS,
) -> Merged:
    """The merge of three versions of a file, which `parsed` converts to blocks.

    A child comes from the side that changed it; if both did, it is merged recursively.
    With `width`, statements that the merge made longer are wrapped.
    """
    in_base, in_next, in_user = (parsed(_ended(t)) for t in (base, next_, user))
    if user == base or next_ in (base, user):
        return Merged(next_ if user == base else user)
    notes = _Notes(width, unit, wording)
    text = _merged_group(in_base, in_next, in_user, (), notes).text
    owner = next_ if _is_open(user) == _is_open(base) else user
    if _is_open(owner):
        text = text.removesuffix("\n")
    with_next = None
    if notes.clashes:
        other = _Notes(width, unit, wording, takes_next=True)
        with_next = _merged_group(in_base, in_next, in_user, (), other).text
    return Merged(
        text,
        tuple(notes.clashes),
        tuple(notes.deleted),
        tuple(notes.left_alone),
        with_next,
    )


def _path(where: Where) -> str:
    return " > ".join(title for title in where if title.strip())


def _ended(text: str) -> str:
    return f"{text}\n" if _is_open(text) else text


def _is_open(text: str) -> bool:
    """Whether the last line has no line end."""
    return not text.endswith("\n") and text != ""


def _merged_group(
    base: Group, next_: Group, user: Group, where: Where, notes: _Notes
) -> Group:
    if user == base:
        return shifted_group(next_, next_.margin, user.margin, at_line_start=True)
    if next_ in (base, user):
        return user
    groups = (base, next_, user)
    sides = matched(base.children, next_.children, user.children)
    blocks, left = _merged_children(sides, groups, where, notes)
    order, disputed = merged_order(sides, blocks.keys())
    if disputed:
        line = user.children[0].line if user.children else 1
        notes.clashes.append(Clash(_path(where), line, BOTH_ORDERED))
        if notes.takes_next:
            swapped = replace(sides, next=sides.user, user=sides.next)
            order, _ = merged_order(swapped, blocks.keys())
    blocks, end = with_comments(blocks, left, sides, groups)
    gaps = merged_gaps(sides, groups, order)
    result = assembled(
        [replace(blocks[name], gap=gaps[name]) for name in order],
        [name in sides.user for name in order],
        groups,
        notes.unit,
        end,
    )
    result = replace(result, gap=gaps[END])
    if notes.width is None or result.kind is not Kind.LINES:
        return result
    children = zip(order, result.children, strict=True)
    wrapped = [_wrapped(name, child, sides, notes) for name, child in children]
    return replace(result, children=tuple(wrapped))


def _wrapped(name: str, child: Block, sides: Matched, notes: _Notes) -> Block:
    """`child`, wrapped if the merge itself created its text."""
    base, next_, user = (
        side.get(name) for side in (sides.base, sides.next, sides.user)
    )
    width = notes.width
    sources = [side for side in (user, next_) if side]
    if not width or not user or head_of(child) in map(head_of, sources):
        return child
    if base:
        child = relaxed(child, (base, next_, user), width, notes.unit)
    return fitted(child, width, notes.unit)


def _merged_children(
    sides: Matched,
    groups: tuple[Group, Group, Group],
    where: Where,
    notes: _Notes,
) -> tuple[dict[str, Block], dict[str, str]]:
    """The blocks that stay, and the user's comments on the blocks that are removed."""
    base, next_, user = groups
    blocks: dict[str, Block] = {}
    left: dict[str, str] = {}
    for name, in_user in sides.user.items():
        in_base, in_next = sides.base.get(name), sides.next.get(name)
        inside = (*where, in_user.title or in_user.key)
        if in_base is not None:
            in_base = shifted(in_base, base.inner, user.inner)
        if in_next is not None:
            in_next = shifted(in_next, next_.inner, user.inner)
            merged = _merged_block(in_base, in_next, in_user, inside, notes)
            if _has_no_names(merged):
                left[name] = merged.comments
            else:
                blocks[name] = merged
        elif in_base is None:
            blocks[name] = in_user
        else:
            remaining = _without_next(in_base, in_user, inside, notes)
            if remaining is None:
                left[name] = own_comments(in_base, in_user) + notes.wording.hoisted(
                    in_base, in_user
                )
            else:
                blocks[name] = remaining
    for name, in_next in sides.next.items():
        if name in sides.user:
            continue
        if name not in sides.base:
            blocks[name] = shifted(in_next, next_.inner, user.inner)
        elif in_next.body != sides.base[name].body:
            lines = _new_lines(sides.base[name].body, in_next.body)
            title = _path((*where, in_next.title or in_next.key))
            notes.deleted.append(Deleted(title, lines))
    return blocks, left


def _has_no_names(block: Block) -> bool:
    """Whether `block` is an import without any names left."""
    groups = groups_of(block)
    return any(g.kind is Kind.NAMES and not g.children for g in groups)


def _new_lines(base: str, next_: str) -> tuple[str, ...]:
    known = {line.strip() for line in base.splitlines()}
    lines = [line.strip() for line in next_.splitlines()]
    return tuple(line for line in lines if line and line not in known)


def _without_next(
    base: Block, user: Block, where: Where, notes: _Notes
) -> Block | None:
    """The remaining part of a block that fastgen removed, or None."""
    if notes.wording.is_same(base, in_order_of(user, base)):
        return None
    if user.stands:
        notes.left_alone.append(_path(where))
        return user
    if user.leaf:
        remainder = user.leaf.left(base.body, user.body)
        if remainder:
            notes.left_alone.append(user.leaf.title.format(_path(where)))
        return replace(user, parts=(remainder,)) if remainder else None
    if not user.loose or not groups_of(user) or signature(user) != signature(base):
        notes.clashes.append(Clash(_path(where), user.line, TAKEN_AWAY))
        return None if notes.takes_next else user
    rest = _merged_block(base, emptied(base), user, where, notes)
    if any(group.children for group in groups_of(rest)):
        return rest
    if all(map(notes.wording.is_same_text, _strings(user), _strings(base))):
        return None
    notes.clashes.append(Clash(_path(where), user.line, TAKEN_AWAY))
    return None if notes.takes_next else user


def _strings(block: Block) -> list[str]:
    return [part for part in block.parts if isinstance(part, str)]


def _merged_block(
    base: Block | None, next_: Block, user: Block, where: Where, notes: _Notes
) -> Block:
    if user.stands and not _is_settled(base, next_, user, notes.wording):
        notes.left_alone.append(_path(where))
        return user
    if base is None and user.leaf and next_.body != user.body:
        notes.left_alone.append(user.leaf.title.format(_path(where)))
        return replace(user, parts=(user.leaf.joined(next_.body, user.body),))
    reason = BOTH_CHANGED
    if base is None:
        base, reason = _common_base(next_, user), BOTH_ADDED
        if base is None:
            if not _holds(next_, user, notes):
                notes.clashes.append(Clash(_path(where), user.line, BOTH_ADDED))
            return _standing(next_, user, notes)
    user = with_merged_remarks(base, next_, user)
    if base.parts == user.parts:
        return _with_parts(user, next_)
    if next_.parts in (base.parts, user.parts):
        return user
    wording = notes.wording
    texts = merged_strings(base, next_, user, wording)
    is_split = texts is not None and belong_together(base, next_, user, wording)
    if not is_split or None in (texts or ()):
        # Perhaps one side changed only the layout or the comments.
        if wording.is_same(base, user):
            hoisted = wording.hoisted(base, replace(user, note=""), next_)
            comments = user.comments + hoisted
            return _with_parts(replace(user, comments=comments), next_)
        if wording.is_same(next_, user) or wording.is_same(base, next_):
            return user
        why = reason if texts is None or is_split else OTHER_HEAD
        notes.clashes.append(Clash(_path(where), user.line, why))
        if not is_split:
            return _standing(next_, user, notes)
    parts: list[Part] = []
    for in_base, in_next, in_user, text in zip(
        base.parts, next_.parts, user.parts, texts or (), strict=True
    ):
        if isinstance(in_user, str):
            standing = in_next if notes.takes_next else in_user
            parts.append(standing if text is None else text)
        else:
            assert isinstance(in_base, Group)
            assert isinstance(in_next, Group)
            parts.append(_merged_group(in_base, in_next, in_user, where, notes))
    return replace(user, parts=tuple(parts))


def _standing(next_: Block, user: Block, notes: _Notes) -> Block:
    """The block to use at a clash."""
    return _with_parts(user, next_) if notes.takes_next else user


def _with_parts(user: Block, next_: Block) -> Block:
    """`user` with the parts of `next_`, whose last part may consist of whole lines."""
    was_whole, is_whole = (b.body.endswith("\n") for b in (user, next_))
    if was_whole == is_whole:
        return replace(user, parts=next_.parts)
    return replace(user, parts=next_.parts, end="" if is_whole else "\n")


def _is_settled(
    base: Block | None, next_: Block, user: Block, wording: Wording
) -> bool:
    """Whether at most one side differs in meaning."""
    if base is None:
        return wording.is_same(next_, user)
    pairs = ((base, next_), (base, user), (next_, user))
    return any(wording.is_same(*pair) for pair in pairs)


def _holds(next_: Block, user: Block, notes: _Notes) -> bool:
    """Whether the user's block contains all of fastgen's, as in a module that was
    removed and is added again."""
    if notes.wording.is_same(next_, user):
        return True
    base = _common_base(next_, replace(user, loose=True))
    if base is None:
        return False
    alone = _Notes(notes.width, notes.unit, notes.wording)
    merged = _merged_block(base, next_, user, (), alone)
    return not alone.clashes and notes.wording.is_same(merged, user)


def _common_base(next_: Block, user: Block) -> Block | None:
    """An empty base for two containers that were added under one key, or None if they
    are not containers of the same kind."""
    groups = groups_of(user)
    if not groups or signature(next_) != signature(user):
        return None
    if not user.loose and any(group.kind is Kind.LINES for group in groups):
        return None
    next_groups = groups_of(next_)
    if any(
        one.heads != other.heads for one, other in zip(next_groups, groups, strict=True)
    ):
        return None
    pairs = zip(emptied(next_).parts, user.parts, strict=True)
    parts = tuple(
        in_next if isinstance(in_next, Group) or in_next == in_user else ""
        for in_next, in_user in pairs
    )
    return replace(next_, parts=parts, comments="", note="")
