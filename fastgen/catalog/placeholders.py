"""The placeholders of a template: `Thing` and `things`, in paths, facts and code.

A placeholder is a whole word of an identifier, delimited by underscores or capitals.
`Nothing` and `something` contain no placeholder.
"""

import re

WORD = (
    r"Things?(?![a-z])"
    r"|thing(?<![^\W_]thing)s?(?![a-z])"
    r"|THING(?<![^\W_]THING)S?(?![^\W_])"
)
"""Each alternative starts with plain letters, which `re` finds many times faster than
`\\b`."""

WORDS = re.compile(WORD)


def is_of_each(text: str) -> bool:
    """Whether a path or a fact of `resource` contains a placeholder."""
    return WORDS.search(text) is not None
