"""The events of a GitHub workflow: `on: [push]` is equivalent to one key per event."""

import re

_BLOCK = re.compile(r"^on:.*\n(?:[ \t-].*\n|\n)*", re.MULTILINE)
_IN_LINE = re.compile(r"on:[ \t]*\[?([\w, \t-]+)\]?[ \t]*\n\n*\Z")
_IN_LINES = re.compile(r"on:[ \t]*\n((?:[ \t]*-[ \t]+\w+[ \t]*\n)+)\n*\Z")


def with_events_as_keys(base: str, next_: str, user: str) -> str:
    """The user's text with its events as keys, if fastgen changes events that are keys
    in base and next."""
    blocks = [_BLOCK.search(text) for text in (base, next_, user)]
    in_base, in_next, in_user = (block[0] if block else "" for block in blocks)
    if not (in_base and in_next and in_user) or in_base == in_next:
        return user
    if _events(in_base) or _events(in_next) or not (events := _events(in_user)):
        return user
    end = in_user[len(in_user.rstrip("\n")) :]
    keys = "\n".join(f"  {event}:" for event in events)
    return user.replace(in_user, f"on:\n{keys}{end}", 1)


def _events(block: str) -> list[str]:
    """The events in a block that lists them; empty if they are keys."""
    found = _IN_LINE.match(block) or _IN_LINES.match(block)
    return re.findall(r"\w+", found[1]) if found else []
