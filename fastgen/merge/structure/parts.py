"""The parts of a block that all three versions have: which can be merged one by one,
and the merge of the texts among them."""

from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group, Kind
from fastgen.merge.structure.comments import merged_comments
from fastgen.merge.structure.equality import Wording, groups_of, signature


def with_merged_remarks(base: Block, next_: Block, user: Block) -> Block:
    """`user` with the comments above and after it merged. If both sides changed the
    comment after it, fastgen's stays there and the user's moves above."""
    comments = merged_comments(base.comments, next_.comments, user.comments)
    in_base, in_next, in_user = (b.note.strip() for b in (base, next_, user))
    if in_user == in_base and in_next != in_base:
        return replace(user, comments=comments, note=next_.note)
    if in_user and in_next and in_next not in (in_base, in_user):
        comments += f"{user.indent}{in_user}\n"
        return replace(user, comments=comments, note=next_.note)
    return replace(user, comments=comments)


def merged_strings(
    base: Block, next_: Block, user: Block, wording: Wording
) -> list[str | None] | None:
    """The merged text of each part, or None if the three blocks have different kinds of
    parts. A text is None for a clash, and empty for a group."""
    if not signature(base) == signature(next_) == signature(user):
        return None
    texts: list[str | None] = []
    for parts in zip(base.parts, next_.parts, user.parts, strict=True):
        in_base, in_next, in_user = (p if isinstance(p, str) else "" for p in parts)
        if user.leaf and in_base not in (in_next, in_user) and in_next != in_user:
            texts.append(user.leaf.merged(in_base, in_next, in_user))
        else:
            texts.append(_merged_string(in_base, in_next, in_user, wording))
    return texts


def _merged_string(base: str, next_: str, user: str, wording: Wording) -> str | None:
    if user == base:
        return next_
    if next_ in (base, user):
        return user
    if wording.is_same_text(next_, user) or wording.is_same_text(base, next_):
        return user
    has_own_remarks = wording.remarks(user) not in ([], wording.remarks(base))
    if wording.is_same_text(base, user) and not has_own_remarks:
        return next_
    return None


def belong_together(base: Block, next_: Block, user: Block, wording: Wording) -> bool:
    """Whether the children of each group belong to the same head in all three versions,
    so that they can be merged one by one. Arguments of one function mean nothing to
    another."""
    triples = zip(groups_of(base), groups_of(next_), groups_of(user), strict=True)
    return all(_are_of_one(*groups, wording) for groups in triples)


def _are_of_one(base: Group, next_: Group, user: Group, wording: Wording) -> bool:
    if next_.heads == user.heads:
        return True
    if not set(base.heads) <= set(next_.heads):
        return wording.has_same_children(base, user)
    is_users = set(base.heads) <= set(user.heads) or user.kind is Kind.LINES
    return is_users or wording.has_same_children(base, next_)
