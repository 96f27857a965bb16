"""A file as a lossless tree of keyed blocks: what the structural merge works on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property


class Kind(Enum):
    """What the children of a group are."""

    LINES = auto()
    """Whole lines: statements, keys, entries."""
    LIST = auto()
    """Elements with commas between them."""
    TUPLE = auto()
    """As LIST; a lone element needs its comma."""
    CALL = auto()
    """Arguments or parameters; they may share one indented line."""
    NAMES = auto()
    """Imported names; brackets only where they take more than one line."""


@dataclass(frozen=True)
class Leaf:
    """What becomes of a text that is not cut any further, where both sides count."""

    left: Callable[[str, str], str]
    """`left(base, user)`: the part of the user's text that stays when fastgen drops it;
    may be empty."""
    joined: Callable[[str, str], str]
    """`joined(next, user)`: the text when both have added it."""
    merged: Callable[[str, str, str], str | None]
    """`merged(base, next, user)`: the text when both have changed it; None: they
    clash."""
    title: str = "{}"
    """How a message names what stays."""


@dataclass(frozen=True)
class Block:
    """One keyed piece of a file.

    Its text is gap + comments + indent + parts + separator + note + end.
    """

    key: str
    """What finds it in other versions of the file; siblings may share a key."""
    parts: tuple["str | Group", ...]
    """Its text, and the groups of blocks in it."""
    gap: str = ""
    """The blank lines above it."""
    comments: str = ""
    """The whole lines of comment above it."""
    indent: str = ""
    """The white space before `parts`."""
    separator: str = ""
    """The comma behind it, or nothing."""
    note: str = ""
    """A comment at the end of its last line, with the white space before it."""
    end: str = ""
    """What ends its last line: mostly a line feed."""
    line: int = field(default=1, compare=False)
    """Where it starts in its file, 1-based."""
    order: tuple[object, ...] | None = field(default=None, compare=False)
    """Its place where siblings are sorted; None: it is never sorted in."""
    is_unordered: bool = field(default=False, compare=False)
    """Whether it means the same anywhere among its siblings: an argument by name."""
    rank: int = field(default=0, compare=False)
    """No block is put before one of a lower rank."""
    room: int = field(default=0, compare=False)
    """The blank lines that it needs above and below, when nothing else tells."""
    loose: bool = field(default=False, compare=False)
    """Its children stand on their own: what fastgen no longer has goes, and what the
    user added stays, under the same head."""
    stands: bool = field(default=False, compare=False)
    """Where both sides changed it, the user's stays, and nothing clashes: a bound of a
    requirement is a decision, which fastgen does not need."""
    family: str = field(default="", compare=False)
    """Blocks of one family stand without blank lines between them: imports of one
    package."""
    title: str = field(default="", compare=False)
    """What to call it in a message; the key when empty."""
    leaf: Leaf | None = field(default=None, compare=False)
    """How to merge its text where both sides count; None: like any block."""

    @cached_property
    def text(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        yield from (self.gap, self.comments, self.indent)
        yield from (part if isinstance(part, str) else part.text for part in self.parts)
        yield from (self.separator, self.note, self.end)

    @cached_property
    def body(self) -> str:
        """Its text without what stands around it."""
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)


@dataclass(frozen=True)
class Group:
    """Sibling blocks; its text is open + children + gap + comments + close."""

    children: tuple[Block, ...]
    """The blocks, in the order of the file."""
    kind: Kind = Kind.LINES
    """What the blocks are."""
    open: str = ""
    """The text before the first block: a bracket."""
    close: str = ""
    """The text after the last block and its comments: the closing bracket."""
    gap: str = ""
    """The blank lines after the last block."""
    comments: str = ""
    """The whole lines of comment after the last block."""
    margin: str = field(default="", compare=False)
    """The indentation of the line where the group opens."""
    inner: str = field(default="", compare=False)
    """The indentation of the lines of its blocks."""
    heads: tuple[str, ...] = field(default=(), compare=False)
    """What the children belong to: the function that is called, the base classes, a
    condition. Children of other heads mean something else."""

    @cached_property
    def text(self) -> str:
        children = "".join(child.text for child in self.children)
        return self.open + children + self.gap + self.comments + self.close


@dataclass(frozen=True)
class Clash:
    """A place that both sides changed, with its 1-based line in the user's text."""

    where: str
    line: int
    reason: str


@dataclass(frozen=True)
class Deleted:
    """What the user has deleted, and the lines that fastgen would add to it."""

    where: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """One text out of three; the user's side stands where they clash.

    `deleted` names what the user has deleted and fastgen would have changed,
    `left_alone` what both have changed and stays as the user has it.
    """

    text: str
    clashes: tuple[Clash, ...] = ()
    deleted: tuple["Deleted", ...] = ()
    left_alone: tuple[str, ...] = ()
    with_next: str | None = None
    """The text with fastgen's side at each clash; None where nothing clashes. It does
    not have to parse."""


class Unreadable(Exception):
    """A text that does not parse, with the 1-based line where it fails."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def split_trivia(text: str) -> tuple[str, str]:
    """Whole lines of white space and comments, cut into gap and comments."""
    lines = text.splitlines(keepends=True)
    blank = 0
    while blank < len(lines) and not lines[blank].strip():
        blank += 1
    return "".join(lines[:blank]), "".join(lines[blank:])
