"""The comments above blocks."""

from collections import Counter
from collections.abc import Mapping

from fastgen.merge.blocks import Block


def merged_comments(base: str, next_: str, user: str) -> str:
    """The side that changed them; the user's where both did."""
    return next_ if _lines(user) == _lines(base) and next_ != base else user


def own_comments(base: Block, user: Block) -> str:
    """The comments on the user's block that base's has not."""
    known = set(_lines(base.comments))
    lines = user.comments.splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() and line.strip() not in known)


def without_moved(
    comments: Mapping[str, str],
    base: Mapping[str, str],
    next_: Mapping[str, str],
    user: Mapping[str, str],
) -> dict[str, str]:
    """The comments by block, without those that next only has above another block now,
    while the user's text still has them where they were."""
    before, after = _counted(base), _counted(next_)
    moved = {line for line, times in after.items() if before[line] == times}
    result = dict(comments)
    for name, text in comments.items():
        if not text or text == user.get(name):
            continue
        elsewhere = {
            line
            for other, kept in comments.items()
            if other != name
            for line in _lines(kept)
            if line in _lines(user.get(other, ""))
        }
        lines = text.splitlines(keepends=True)
        stays = [ln for ln in lines if ln.strip() not in moved & elsewhere]
        result[name] = "".join(stays)
    return result


def _counted(comments: Mapping[str, str]) -> Counter[str]:
    return Counter(line for text in comments.values() for line in _lines(text))


def _lines(comments: str) -> list[str]:
    return [line.strip() for line in comments.splitlines() if line.strip()]
