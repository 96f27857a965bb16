"""Trees of files as values: the output of render and the input of merge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

SPEC_PATH = "fastgen.toml"
ENVIRONMENT = ".env"


class Policy(StrEnum):
    """What fastgen may do with a file after writing it for the first time."""

    SHARED = "shared"
    """Three-way merged."""
    SEED = "seed"
    """Updated from the templates until the user edits it; then left alone."""
    JOURNAL = "journal"
    """Append-only: never rewritten, never deleted."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A file as fastgen would write it.

    `source` is the content, or a function that produces it on first use.
    """

    source: bytes | Callable[[], bytes]
    module: str
    policy: Policy = Policy.SHARED
    mode: int = 0o644

    @cached_property
    def content(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source()

    def is_like(self, other: "Entry") -> bool:
        """Whether both entries have the same content. Does not produce the content of
        an entry compared with itself."""
        return self is other or self.content == other.content

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        one, another = ((e.module, e.policy, e.mode) for e in (self, other))
        return one == another and self.is_like(other)

    __hash__ = None  # type: ignore[assignment]


Tree = Mapping[str, Entry]
"""Entries by path in the project, with `/` as separator."""


@dataclass(frozen=True)
class File:
    """A file on disk."""

    content: bytes
    mode: int = 0o644


Files = Mapping[str, File]
"""The user's files by path in the project."""
