"""Blocks from both sides assembled into one group, in the user's layout."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.layout import Shape, has_comments, reshaped, shape_of

Joint = tuple[str, str]
"""The text between siblings: the line end of one, and the indentation of the next."""


def assembled(
    children: Sequence[Block],
    from_user: Sequence[bool],
    versions: tuple[Group, Group, Group],
    unit: str,
    comments: str = "",
) -> Group:
    """The user's group with `children`, and with `comments` at its end.

    `from_user` tells for each child whether it is the user's. New children get the
    commas, line ends and indentation of the user's elements. The group has next's shape
    if only next changed the shape.
    """
    base, next_, user = versions
    model = user if user.children else _model(user, next_, unit)
    if not children:
        return _empty(user, next_, comments)
    placed = tuple(
        _placed(child, index == 0, index == len(children) - 1, is_users, model)
        for index, (child, is_users) in enumerate(zip(children, from_user, strict=True))
    )
    group = replace(model, children=placed, gap="", comments=comments)
    if group.kind is Kind.LINES:
        return group
    shape = _wanted_shape(base, next_, user)
    if shape is None and shape_of(model) is Shape.FLAT and has_comments(group):
        shape = Shape.EXPLODED
    return reshaped(group, shape, unit) if shape else group


def _model(user: Group, next_: Group, unit: str) -> Group:
    """The group whose layout to use if the user's has no elements: next's, with the
    comments of the user's."""
    model = replace(next_, margin=user.margin)
    if user.kind is Kind.LINES or "\n" not in user.open:
        return model
    model = reshaped(model, Shape.EXPLODED, unit)
    return replace(model, open=user.open, close=user.close)


def _empty(user: Group, next_: Group, comments: str) -> Group:
    if comments and user.kind is not Kind.LINES:
        opened, closed = f"{user.open[:1]}\n", user.margin + user.close[-1:]
        group = replace(user, children=(), open=opened, close=closed)
        return replace(group, comments=comments)
    if not next_.children and not next_.comments:
        group = replace(user, children=(), open=next_.open, close=next_.close)
    else:
        opened, closed = user.open.strip(), user.close.strip()
        group = replace(user, children=(), open=opened, close=closed)
    return replace(group, comments=comments)


def _placed(
    child: Block, is_first: bool, is_last: bool, is_users: bool, model: Group
) -> Block:
    first, last = model.children[0], model.children[-1]
    was_first = is_users and (child.line, child.key) == (first.line, first.key)
    was_last = is_users and (child.line, child.key) == (last.line, last.key)
    usual_end, usual_indent = _joint(model)
    indent, end = child.indent, child.end
    if is_first and not was_first:
        indent = first.indent
    elif not is_first and (was_first or not is_users):
        indent = usual_indent
    if model.kind is Kind.LINES:
        return replace(child, indent=indent)
    if "#" in child.note:
        end = "\n"
    elif is_last and not was_last:
        end = last.end
    elif not is_last and (was_last or not is_users):
        end = usual_end
    comma = _comma(is_first, is_last, model)
    return replace(child, indent=indent, end=end, separator=comma)


def _comma(is_first: bool, is_last: bool, model: Group) -> str:
    if not is_last:
        return ","
    if model.kind is Kind.TUPLE and len(model.children) == 1:
        return "," if is_first or shape_of(model) is not Shape.FLAT else ""
    if model.kind is Kind.TUPLE and is_first:
        return ","
    return model.children[-1].separator


def _joint(model: Group) -> Joint:
    """The most common joint of a group."""
    if model.kind is Kind.LINES:
        return "\n", model.inner
    if len(model.children) > 1:
        joints = Counter((a.end, b.indent) for a, b in pairwise(model.children))
        return joints.most_common(1)[0][0]
    if shape_of(model) is Shape.EXPLODED:
        return "\n", model.children[0].indent
    return "", " "


def _wanted_shape(base: Group, next_: Group, user: Group) -> Shape | None:
    """The shape for the user's group, or None if it keeps its own."""
    in_base, in_next, in_user = (shape_of(group) for group in (base, next_, user))
    if in_next is in_user or {in_base, in_next, in_user} & {None, Shape.OTHER}:
        return None
    was_flat, is_flat = in_base is Shape.FLAT, in_user is Shape.FLAT
    if was_flat is not is_flat or (in_next is Shape.FLAT) is was_flat:
        return None
    return in_next
