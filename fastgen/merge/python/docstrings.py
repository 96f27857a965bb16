"""Docstrings, merged by line."""

import re

from fastgen.merge.structure.blocks import Leaf
from fastgen.merge.structure.line_hunks import merged_hunk

_QUOTED = re.compile(r"""([rRuU]?(?:\"{3}|'{3}))(.*?)(\s*)(?:\"{3}|'{3})""", re.DOTALL)


def _merged(base: str, next_: str, user: str) -> str | None:
    """The docstring with the changes of both sides, or None if both changed the same
    line. If the user moved the closing quotes, they stay there."""
    found = [_QUOTED.fullmatch(text.strip()) for text in (base, next_, user)]
    if None in found:
        return None
    (_, *in_base), (_, *in_next), (quotes, *in_user) = (f.groups() for f in found if f)
    text = merged_hunk(*(f"{side[0]}\n" for side in (in_base, in_next, in_user)))
    if text is None:
        return None
    space = in_next[1] if in_user[1] == in_base[1] else in_user[1]
    return quotes + text.removesuffix("\n") + space + quotes[-3:]


DOCSTRING = Leaf(lambda _, user: user, lambda _, user: user, _merged)
