"""Phrases shared by messages."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches


def in_words(items: Iterable[str]) -> str:
    """The items as a list in English: `a`, `a and b`, `a, b and c`."""
    *others, last = [*items]
    return f"{', '.join(others)} and {last}" if others else last


def plural(noun: str, number: int) -> str:
    """`file` for one, `files` for any other number."""
    return noun if number == 1 else f"{noun}s"


def verb(infinitive: str, number: int) -> str:
    """`stays` for one, `stay` for any other number."""
    return f"{infinitive}s" if number == 1 else infinitive


def them(number: int) -> str:
    """`it` for one, `them` for any other number."""
    return "it" if number == 1 else "them"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {plural(noun, number)}"


def with_noun(noun: str, names: Collection[str]) -> str:
    """`table a`, `tables a, b`."""
    return f"{plural(noun, len(names))} {', '.join(names)}"


def suggestion(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """A suffix that suggests the name in `known` closest to the unknown `name`; empty
    if none is close."""
    near = get_close_matches(name, [*known], n=1, cutoff=cutoff)
    return f" (did you mean {near[0]}?)" if near else ""


def hint(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """A suffix that suggests a name for the unknown `name`, or lists all of `known`."""
    names = [*known]
    every = f" (available: {', '.join(names)})" if names else ""
    return suggestion(name, names, cutoff) or every
