"""The layout of a group's elements."""

from dataclasses import replace
from enum import Enum, auto

from fastgen.merge.structure.blocks import Group, Kind
from fastgen.merge.structure.shifting import shifted


class Shape(Enum):
    FLAT = auto()
    """All elements on one line, with the brackets."""
    HUG = auto()
    """All elements on one line, between the lines of the brackets."""
    EXPLODED = auto()
    """Each element on its own line."""
    OTHER = auto()


def shape_of(group: Group) -> Shape | None:
    """The shape of `group`, or None if it has no children to lay out."""
    children = group.children
    if not children or group.kind is Kind.LINES:
        return None
    if "\n" not in group.open + group.gap + group.comments + group.close and not any(
        "\n" in child.gap + child.comments + child.indent + child.end
        for child in children
    ):
        return Shape.FLAT
    ends = [child.end == "\n" for child in children]
    if not group.open.endswith("\n") or not ends[-1]:
        return Shape.OTHER
    if all(ends) and (len(ends) > 1 or children[0].separator):
        return Shape.EXPLODED
    return Shape.OTHER if any(ends[:-1]) else Shape.HUG


def has_comments(group: Group) -> bool:
    return bool(group.comments or "#" in group.open) or any(
        child.comments or child.note.strip() for child in group.children
    )


def reshaped(group: Group, shape: Shape, unit: str) -> Group:
    """`group` in another shape. A group with comments always becomes EXPLODED."""
    bracket, closing = group.open[:1], group.close[-1:]
    if has_comments(group):
        shape = Shape.EXPLODED
    if group.kind is Kind.NAMES:
        bracket, closing = ("", "") if shape is Shape.FLAT else ("(", ")")
    now = group.margin if shape_of(group) is Shape.FLAT else group.inner
    inner = group.margin if shape is Shape.FLAT else group.margin + unit
    last = len(group.children) - 1
    children = []
    for index, child in enumerate(group.children):
        moved = shifted(child, now, inner, at_line_start=False)
        lone = group.kind is Kind.TUPLE and last == 0
        comma = index < last or shape is Shape.EXPLODED or lone
        begins = shape is Shape.EXPLODED or (shape is Shape.HUG and index == 0)
        ends = shape is Shape.EXPLODED or (shape is Shape.HUG and index == last)
        children.append(
            replace(
                moved,
                gap=moved.gap if shape is Shape.EXPLODED else "",
                comments=_lines_at(moved.comments, inner),
                indent=inner if begins else " " if index else "",
                separator="," if comma else "",
                end="\n" if ends else "",
            )
        )
    if shape is Shape.FLAT:
        opened, closed = bracket, closing
    else:
        rest = group.open[1:].rstrip("\n") if "#" in group.open else ""
        opened, closed = f"{bracket}{rest}\n", group.margin + closing
    return replace(
        group,
        children=tuple(children),
        open=opened,
        close=closed,
        gap="",
        comments=_lines_at(group.comments, inner),
        inner=inner,
    )


def _lines_at(comments: str, indent: str) -> str:
    lines = comments.splitlines(keepends=True)
    return "".join(indent + ln.lstrip() if ln.strip() else ln for ln in lines)
