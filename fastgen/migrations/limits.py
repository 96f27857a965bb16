"""How much of a migration is read: one that goes on for ever is reported as unread."""

from dataclasses import dataclass

LONGEST_LIST = 1000
"""Items of a `range` that is read."""

LARGEST = 5_000
"""Nodes of an expression after its names were replaced, and items of a list."""

LONGEST_TEXT = 20_000
"""Characters of a text that is computed."""

STATEMENT = 50
"""What a statement or an item of a comprehension costs, in nodes of an expression."""

_NODES = 200_000


class TooLarge(Exception):
    """A migration would be read as more statements, or larger ones, than is useful."""


UNREADABLE = (TooLarge, RecursionError, MemoryError, OverflowError)
"""What reading a migration may raise that is too large or too deep."""


@dataclass
class Budget:
    """The nodes of expressions that are still read of a migration; a statement in a
    loop counts each time."""

    left: int = _NODES

    def spend(self, nodes: int) -> None:
        """Raises TooLarge."""
        self.left -= nodes
        if self.left < 0:
            raise TooLarge
