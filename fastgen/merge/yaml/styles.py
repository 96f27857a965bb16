"""Matches mappings and sequences in block style with those in flow style."""

import json
import re
from dataclasses import replace

import yaml

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.yaml.wording import LOADER

_PAIR = re.compile(r"(?P<key>[^\s:#\"'\[\]{},&*!|>]+):[ \t]+(?P<value>\S.*)\Z")
_EMPTY = re.compile(r":[ \t]+(\{\s*\}|\[\s*\])\Z")
_INDICATORS = re.compile(r"[,\[\]{}]|\n|: | #|\A[|>&*!%@`]")


class _Unlike(Exception):
    """A value that cannot be written in the other style."""


def in_users_style(group: Group, user: Group, base: Group | None = None) -> Group:
    """`group`, of base or next, with each value in the user's style. `base` is passed
    for a group of next."""
    in_user = {child.key: child for child in user.children}
    in_base = {child.key: child for child in base.children} if base else {}
    children = (
        _styled(child, in_user[child.key], in_base.get(child.key))
        if child.key in in_user
        else child
        for child in group.children
    )
    return replace(group, children=tuple(children))


def _styled(block: Block, user: Block, base: Block | None) -> Block:
    part, of_user = _value(block), _value(user)
    of_base = _value(base) if base else None
    if of_user is None:
        return block
    if part is None:
        known = {child.key for child in of_base.children} if of_base else set()
        has_own = any(child.key not in known for child in of_user.children)
        if not has_own or not _EMPTY.search(block.body):
            return block
        return _like(user, block, replace(of_user, children=(), gap="", comments=""))
    if part.heads != of_user.heads:
        return block
    if part.kind is of_user.kind is Kind.LINES:
        styled = in_users_style(part, of_user, of_base)
        return replace(block, parts=(block.parts[0], styled, *block.parts[2:]))
    if part.kind is of_user.kind:
        return block
    is_block = of_user.kind is Kind.LINES
    try:
        written = _in_block_style if is_block else _in_flow_style
        return _like(user, block, written(part, of_user))
    except _Unlike:
        return block


def _like(user: Block, block: Block, value: Group) -> Block:
    """`block` with `value`, in the style of the user's block."""
    parts = (user.parts[0], value, *user.parts[2:])
    end = "\n" if user.end else ""
    return replace(block, parts=parts, note="" if not end else block.note, end=end)


def _value(block: Block) -> Group | None:
    """The entries of a key's value or of a document, or None if it is not split."""
    if len(block.parts) < 2 or isinstance(block.parts[0], Group):
        return None
    value = block.parts[1]
    return value if isinstance(value, Group) else None


def _in_flow_style(group: Group, like: Group) -> Group:
    children = []
    for index, child in enumerate(group.children):
        text = _flow_text(child)
        last = index == len(group.children) - 1
        children.append(
            Block(
                child.key,
                (text,),
                indent=" " if index else "",
                separator="" if last else ",",
                line=child.line,
                order=child.order,
            )
        )
    return replace(
        like, children=tuple(children), open=like.open[:1], close=like.close[-1:]
    )


def _in_block_style(group: Group, like: Group) -> Group:
    dash = "- " if like.heads == ("SequenceNode",) else ""
    children = tuple(
        Block(
            child.key,
            (f"{dash}{' '.join(child.body.split())}",),
            indent=like.inner,
            end="\n",
            line=child.line,
            order=child.order,
        )
        for child in group.children
    )
    return replace(like, children=children, gap="", comments="")


def _flow_text(block: Block) -> str:
    """The entry in one line. Raises _Unlike if it does not fit in one line."""
    if value := _value(block):
        head = block.parts[0]
        assert isinstance(head, str)
        key = head.partition(":")[0].strip()
        if value.kind is not Kind.LINES or not key or "#" in head:
            raise _Unlike
        inside = ", ".join(_flow_text(child) for child in value.children)
        is_mapping = value.heads == ("MappingNode",)
        return f"{key}: {{{inside}}}" if is_mapping else f"{key}: [{inside}]"
    text = block.body.strip().removeprefix("- ").strip()
    pair = _PAIR.match(text)
    value_text = pair["value"] if pair else text
    if value_text[:1] in "\"'[{" and "\n" not in value_text:
        return text
    if not _INDICATORS.search(value_text):
        return text
    loaded = yaml.load(value_text, Loader=LOADER)  # noqa: S506  # it is a SafeLoader
    if not isinstance(loaded, str) or "\n" in value_text:
        raise _Unlike
    quoted = json.dumps(loaded, ensure_ascii=False)
    return f"{pair['key']}: {quoted}" if pair else quoted
