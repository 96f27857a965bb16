"""What render makes and merge takes: a tree of files, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SPEC_PATH = "fastgen.toml"
ENVIRONMENT = ".env"


class Policy(StrEnum):
    """What may happen to a file after it was first written."""

    SHARED = "shared"
    """Three-way merged."""
    SEED = "seed"
    """Written once, then the user's."""
    JOURNAL = "journal"
    """Append-only: never rewritten, never deleted."""


@dataclass(frozen=True)
class Entry:
    """A file as fastgen would write it."""

    content: bytes
    module: str
    policy: Policy = Policy.SHARED
    mode: int = 0o644


Tree = Mapping[str, Entry]
"""Entries by their path in the project, with `/` between its parts."""


@dataclass(frozen=True)
class File:
    """A file as it lies on the disk."""

    content: bytes
    mode: int = 0o644


Files = Mapping[str, File]
"""The user's files by their path in the project."""
