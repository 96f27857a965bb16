"""The words of a template that stand for the name of what is made of it: `Thing` and
`things`, in paths, in facts and in code.

A word is a part of an identifier, between underscores or capitals: `Nothing` and
`something` are none.
"""

import re

WORD = (
    r"Things?(?![a-z])"
    r"|thing(?<![^\W_]thing)s?(?![a-z])"
    r"|THING(?<![^\W_]THING)S?(?![^\W_])"
)
"""Each begins with plain letters, which `re` finds many times faster than `\\b`."""

WORDS = re.compile(WORD)


def is_of_each(text: str) -> bool:
    """Whether a path or a fact of `resource` differs from resource to resource."""
    return WORDS.search(text) is not None
