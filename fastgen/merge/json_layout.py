"""JSON in the user's layout."""

import json

_INDENTS = (2, 4, "\t", 3, 1, 8)


def in_users_layout(base: str, next_: str, user: str) -> tuple[str, str]:
    """`base` and `next_` in the layout of `user`, if a formatter has changed that
    layout."""
    try:
        data = [json.loads(text) for text in (base, next_, user)]
    except ValueError:
        return base, next_
    for indent in _INDENTS:
        in_base, in_next, in_user = (
            f"{json.dumps(each, indent=indent, ensure_ascii=False)}\n" for each in data
        )
        if in_user == user and in_base != base:
            return in_base, in_next
    return base, next_
