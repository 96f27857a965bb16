"""The merge of three versions of some lines, finer than git's line merge.

git reports a conflict for changes to adjacent lines and for changes of white space.
This merge only reports lines that both sides changed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_COMMENT = re.compile(r"#|//|<!--.*-->$")

_WORD = re.compile(r"\w")

Lines = Sequence[str]


@dataclass(frozen=True)
class _Edit:
    """A change of base's lines from `start` to `end` into `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged_hunk(base: str, next_: str, user: str) -> str | None:
    """One text for three versions of some whole lines, or None if both sides changed a
    line.

    If both only inserted lines at one position, both insertions stay, the user's first.
    """
    sides = [text.splitlines(keepends=True) for text in (base, next_, user)]
    merged = merged_line_lists(*sides)
    return None if merged is None else "".join(merged)


def merged_line_lists(base: Lines, next_: Lines, user: Lines) -> list[str] | None:
    """`merged_hunk` for lists of lines."""
    moved = moved_and_removed(base, next_, user)
    base, user = (
        [line for line in side if line.rstrip() not in moved] for side in (base, user)
    )
    edits, user_edits = _edits(base, next_), _edits(base, user)
    unedited = _lines_of_user(base, next_, user)
    result: list[str] = []
    at = 0
    for start, end, by_next, by_user in _regions(edits, user_edits):
        result += [unedited.get(line, base[line]) for line in range(at, start)]
        resolved = _resolved(
            base[start:end],
            _applied(base, start, end, by_next),
            _applied(base, start, end, by_user),
            by_next=bool(by_next),
            by_user=bool(by_user),
        )
        if resolved is None:
            return None
        result += resolved
        at = end
    return result + [unedited.get(line, base[line]) for line in range(at, len(base))]


def moved_and_removed(base: Lines, next_: Lines, user: Lines) -> set[str]:
    """The lines, without trailing spaces, that `user` moved and `next_` removed. A line
    merge would treat such a line as new."""
    keys = [[line.rstrip() for line in side] for side in (base, next_, user)]
    in_base, in_next, in_user = map(Counter, keys)
    gone = {
        line
        for line, times in in_base.items()
        if times == in_user[line] == 1 and not in_next[line] and _WORD.search(line)
    }
    if not gone:
        return gone
    codes = SequenceMatcher(None, keys[0], keys[2], autojunk=False).get_opcodes()
    new = {
        line
        for kind, _, _, first, last in codes
        if kind != "equal"
        for line in keys[2][first:last]
    }
    return gone & new


def _edits(base: Lines, other: Lines) -> list[_Edit]:
    keys, other_keys = ([line.rstrip() for line in side] for side in (base, other))
    codes = SequenceMatcher(None, keys, other_keys, autojunk=False).get_opcodes()
    return [
        _Edit(start, end, tuple(other[first:last]))
        for kind, start, end, first, last in codes
        if kind != "equal"
    ]


def _lines_of_user(base: Lines, next_: Lines, user: Lines) -> dict[int, str]:
    """The lines of base with trailing white space changed by a side, by their index in
    base. If both sides changed it, the user's version."""
    found: dict[int, str] = {}
    for side in (next_, user):
        keys = [line.rstrip() for line in side]
        matcher = SequenceMatcher(
            None, [line.rstrip() for line in base], keys, autojunk=False
        )
        for start, other, size in matcher.get_matching_blocks():
            for offset in range(size):
                if side[other + offset] != base[start + offset]:
                    found[start + offset] = side[other + offset]
    return found


def _regions(
    by_next: list[_Edit], by_user: list[_Edit]
) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """The ranges of base that edits change, with the edits of each side. Overlapping
    edits of the two sides share a range."""
    edits = [(edit, False) for edit in by_next] + [(edit, True) for edit in by_user]
    edits.sort(key=lambda pair: (pair[0].start, pair[0].end))
    region: list[tuple[_Edit, bool]] = []
    start = end = 0
    for edit, is_users in edits:
        if region and (edit.start < end or (edit.start == edit.end == start == end)):
            end = max(end, edit.end)
        else:
            if region:
                yield _region(start, end, region)
            region, start, end = [], edit.start, edit.end
        region.append((edit, is_users))
    if region:
        yield _region(start, end, region)


def _region(
    start: int, end: int, edits: list[tuple[_Edit, bool]]
) -> tuple[int, int, list[_Edit], list[_Edit]]:
    by_next = [edit for edit, is_users in edits if not is_users]
    return start, end, by_next, [edit for edit, is_users in edits if is_users]


def _applied(base: Lines, start: int, end: int, edits: list[_Edit]) -> list[str]:
    lines: list[str] = []
    for edit in edits:
        lines += [*base[start : edit.start], *edit.lines]
        start = edit.end
    return [*lines, *base[start:end]]


def _resolved(
    base: Lines, next_: Lines, user: Lines, *, by_next: bool, by_user: bool
) -> Lines | None:
    if not by_user or user == next_:
        return next_
    if not by_next or _said(next_) in (_said(base), _said(user)):
        return user
    if _said(user) == _said(base):
        return _with_blanks_of(user, base, next_)
    if not base:
        return [*user, *next_]
    added = only_added(base, user)
    if added is not None and all(_COMMENT.match(line.strip()) for line in added):
        return [*added, *next_]
    added = only_added(base, next_)
    if added is not None and all(_COMMENT.match(line.strip()) for line in added):
        return [*added, *user]
    return _around(base, next_, user) or _around(base, user, next_)


def _with_blanks_of(user: Lines, base: Lines, next_: Lines) -> Lines:
    """`next_` with the blank lines that `user` has above and below, if next has the
    same number of blank lines there as base."""
    above, below = next_[: _blanks(next_)], next_[len(next_) - _blanks(next_[::-1]) :]
    said = next_[len(above) : len(next_) - len(below)]
    if not said:
        return next_
    if len(above) == _blanks(base):
        above = user[: _blanks(user)]
    if len(below) == _blanks(base[::-1]):
        below = user[len(user) - _blanks(user[::-1]) :]
    return [*above, *said, *below]


def _blanks(lines: Lines) -> int:
    """The number of blank lines at the start of `lines`."""
    said = (number for number, line in enumerate(lines) if line.strip())
    return next(said, len(lines))


def _said(lines: Lines) -> list[str]:
    """The non-blank lines without trailing white space."""
    return [line.rstrip() for line in lines if line.strip()]


def only_added(base: Lines, other: Lines) -> list[str] | None:
    """The lines of `other` that base does not have, or None if `other` lacks lines of
    base."""
    rest = _said(base)
    added = []
    for line in other:
        if rest and line.rstrip() == rest[0]:
            rest = rest[1:]
        elif line.strip():
            added.append(line)
    return None if rest else added


def _around(base: Lines, inserted: Lines, other: Lines) -> list[str] | None:
    """`other` with the lines that `inserted` adds above and below the lines of base."""
    places = [
        place
        for place in range(len(inserted) - len(base) + 1)
        if list(inserted[place : place + len(base)]) == list(base)
    ]
    if len(places) != 1:
        return None
    return [*inserted[: places[0]], *other, *inserted[places[0] + len(base) :]]
