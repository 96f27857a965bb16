"""Limits for reading a migration. A migration beyond them is reported as unread."""

from dataclasses import dataclass

LONGEST_LIST = 1000
"""The maximum number of items in a `range`."""

LARGEST = 5_000
"""The maximum number of nodes in a folded expression, and of items in a list."""

LONGEST_TEXT = 20_000
"""The maximum number of characters in a computed text."""

STATEMENT = 50
"""The cost of a statement or an item of a comprehension, in nodes."""

_NODES = 200_000


class TooLarge(Exception):
    """A migration has too many or too large statements to read."""


UNREADABLE = (TooLarge, RecursionError, MemoryError, OverflowError)
"""The errors of reading a migration that is too large or too deep."""


@dataclass
class Budget:
    """The number of nodes that may still be read. A statement in a loop counts for each
    iteration."""

    left: int = _NODES

    def spend(self, nodes: int) -> None:
        """Subtract `nodes`. Raises TooLarge."""
        self.left -= nodes
        if self.left < 0:
            raise TooLarge
