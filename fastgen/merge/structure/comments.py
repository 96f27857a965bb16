"""The comments above blocks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from fastgen.merge.structure.blocks import Block, Group
from fastgen.merge.structure.equality import comment_lines
from fastgen.merge.structure.line_hunks import merged_hunk
from fastgen.merge.structure.matching import Matched
from fastgen.merge.structure.spacing import END


def merged_comments(base: str, next_: str, user: str) -> str:
    """The comments merged by line. If both sides changed a line, fastgen's follows the
    user's."""
    if user == base:
        return next_
    in_base, in_next, in_user = map(comment_lines, (base, next_, user))
    if in_next == in_user:
        return user
    merged = merged_hunk(base, next_, user)
    if merged is not None:
        return merged
    if in_user == in_base:
        return next_
    if in_next == in_base:
        return user
    fresh = set(in_next) - set(in_base) - set(in_user)
    lines = next_.splitlines(keepends=True)
    return user + "".join(line for line in lines if line.strip() in fresh)


def own_comments(base: Block, user: Block) -> str:
    """The comments above the user's block that base's block does not have."""
    known = set(comment_lines(base.comments))
    lines = user.comments.splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() and line.strip() not in known)


def with_comments(
    blocks: Mapping[str, Block],
    left: Mapping[str, str],
    sides: Matched,
    groups: tuple[Group, Group, Group],
) -> tuple[dict[str, Block], str]:
    """The blocks with the comments above them, and the comments at the end of the
    group.

    `left` holds comments of removed blocks; they go above the next remaining block.
    """
    base, next_, user = (
        {**{name: block.comments for name, block in ids.items()}, END: group.comments}
        for ids, group in zip((sides.base, sides.next, sides.user), groups, strict=True)
    )
    comments = {name: block.comments for name, block in blocks.items()}
    comments[END] = merged_comments(base[END], next_[END], user[END])
    comments = _without_moved(comments, base, next_, user)
    waiting = ""
    for name in (*sides.user, END):
        if name in comments and waiting:
            gap = sides.user[name].gap if name in sides.user else ""
            comments[name] = waiting + gap + comments[name]
            waiting = ""
        waiting += left.get(name, "")
    end = comments.pop(END)
    return {n: replace(blocks[n], comments=c) for n, c in comments.items()}, end


def _without_moved(
    comments: Mapping[str, str],
    base: Mapping[str, str],
    next_: Mapping[str, str],
    user: Mapping[str, str],
) -> dict[str, str]:
    """The comments by block, without lines that one side moved or both sides added.

    A line is left out if the user and next have it once, and it is above another block
    than in base or above different blocks.
    """
    before, after = _counted(base), _counted(next_)
    moved = {line for line, times in after.items() if before[line] <= times == 1}
    result = dict(comments)
    for name, text in comments.items():
        if not text or text == user.get(name):
            continue
        elsewhere = {
            line
            for other, above in comments.items()
            if other != name
            for line in comment_lines(above)
            if line in comment_lines(user.get(other, ""))
            and line not in comment_lines(base.get(other, ""))
        }
        lines = text.splitlines(keepends=True)
        stays = [ln for ln in lines if ln.strip() not in moved & elsewhere]
        result[name] = "".join(stays)
    return result


def _counted(comments: Mapping[str, str]) -> Counter[str]:
    return Counter(line for text in comments.values() for line in comment_lines(text))
