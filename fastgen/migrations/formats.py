"""Limits for the text that formats and string methods produce."""

import re
from string import Formatter

from fastgen.migrations.limits import LONGEST_TEXT

_WIDTH = re.compile(r"%(?:\([^)]*\))?[#0\- +]*(\*|\d*)(?:\.(\*|\d*))?")
_LONGEST_WIDTH = 3
"""The maximum number of digits in a field width."""

_MOST = 50 * LONGEST_TEXT
"""The maximum estimated length of a result, in characters."""


def has_wide_fields(text: str) -> bool:
    """Whether `text % values` may be long because of field widths in `text`."""
    widths = [width for match in _WIDTH.findall(text) for width in match]
    return any(width == "*" or len(width) > _LONGEST_WIDTH for width in widths)


def is_short(text: str, method: str, characters: int) -> bool:
    """Whether `method` of `text` stays short for arguments with that many
    `characters`."""
    if method == "format" and not _is_plain_format(text):
        return False
    if method in ("format", "join", "replace"):
        return (1 + len(text)) * (1 + characters) < _MOST
    return True


def _is_plain_format(text: str) -> bool:
    """Whether all fields are names or numbers without wide formats."""
    try:
        fields = [*Formatter().parse(text)]
    except ValueError:
        return False
    names = [name for _, name, _, _ in fields if name]
    widths = "".join(spec or "" for _, _, spec, _ in fields)
    is_wide = re.search(r"\{|\d{4}", widths)
    return all(name.isalnum() or name.isidentifier() for name in names) and not is_wide
