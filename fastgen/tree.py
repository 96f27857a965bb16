"""What render makes and merge takes: a tree of files, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

SPEC_PATH = "fastgen.toml"
ENVIRONMENT = ".env"


class Policy(StrEnum):
    """What may happen to a file after it was first written."""

    SHARED = "shared"
    """Three-way merged."""
    SEED = "seed"
    """The user's, once it is edited; until then as the templates are."""
    JOURNAL = "journal"
    """Append-only: never rewritten, never deleted."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A file as fastgen would write it.

    `source` is its content, or makes it when it is first asked for.
    """

    source: bytes | Callable[[], bytes]
    module: str
    policy: Policy = Policy.SHARED
    mode: int = 0o644

    @cached_property
    def content(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source()

    def is_like(self, other: "Entry") -> bool:
        """Whether both have the same content; no entry is made to be compared with
        itself."""
        return self is other or self.content == other.content

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        one, another = ((e.module, e.policy, e.mode) for e in (self, other))
        return one == another and self.is_like(other)

    __hash__ = None  # type: ignore[assignment]


Tree = Mapping[str, Entry]
"""Entries by their path in the project, with `/` between its parts."""


@dataclass(frozen=True)
class File:
    """A file as it lies on the disk."""

    content: bytes
    mode: int = 0o644


Files = Mapping[str, File]
"""The user's files by their path in the project."""
