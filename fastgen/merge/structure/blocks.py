"""A file as a lossless tree of blocks with keys, the data structure of the merge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property


class Kind(Enum):
    """The kind of children in a group."""

    LINES = auto()
    """Whole lines: statements, keys, entries."""
    LIST = auto()
    """Elements separated by commas."""
    TUPLE = auto()
    """Like LIST, but a single element needs its comma."""
    CALL = auto()
    """Arguments or parameters; they may share one indented line."""
    NAMES = auto()
    """Imported names, in brackets only if they take more than one line."""


@dataclass(frozen=True)
class Leaf:
    """How to merge a text that is not split further."""

    left: Callable[[str, str], str]
    """`left(base, user)`: the part of the user's text that stays if fastgen removes it;
    may be empty."""
    joined: Callable[[str, str], str]
    """`joined(next, user)`: the text if both sides added it."""
    merged: Callable[[str, str, str], str | None]
    """`merged(base, next, user)`: the text if both sides changed it, or None for a
    clash."""
    title: str = "{}"
    """The name of the remaining text in messages."""


@dataclass(frozen=True)
class Block:
    """A piece of a file with a key.

    Its text is gap + comments + indent + parts + separator + note + end.
    """

    key: str
    """The key that finds the block in other versions of the file. Siblings may share a
    key."""
    parts: tuple["str | Group", ...]
    """The text of the block, and the groups of blocks in it."""
    gap: str = ""
    """The blank lines above the block."""
    comments: str = ""
    """The comment lines above the block."""
    indent: str = ""
    """The white space before `parts`."""
    separator: str = ""
    """The comma after the block, or an empty string."""
    note: str = ""
    """The comment at the end of the last line, with the white space before it."""
    end: str = ""
    """The end of the last line, usually a line feed."""
    line: int = field(default=1, compare=False)
    """The 1-based line at which the block starts in its file."""
    order: tuple[object, ...] | None = field(default=None, compare=False)
    """The sort key among sorted siblings; None for a block that is never sorted in."""
    is_unordered: bool = field(default=False, compare=False)
    """Whether the position among its siblings has no effect, as for keyword
    arguments."""
    rank: int = field(default=0, compare=False)
    """No block is placed before a block of a lower rank."""
    room: int = field(default=0, compare=False)
    """The number of blank lines above and below, if nothing else determines it."""
    loose: bool = field(default=False, compare=False)
    """Whether the children are independent: if fastgen removes the block, children that
    the user added stay under the same head."""
    stands: bool = field(default=False, compare=False)
    """Whether the user's version stays without a clash if both sides changed it. For
    example, the version bounds of a requirement are the user's decision."""
    family: str = field(default="", compare=False)
    """Blocks of one family have no blank lines between them, such as imports from one
    package."""
    title: str = field(default="", compare=False)
    """The name in messages; the key if empty."""
    leaf: Leaf | None = field(default=None, compare=False)
    """How to merge the text if both sides count; None for the default."""

    @cached_property
    def text(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        yield from (self.gap, self.comments, self.indent)
        yield from (part if isinstance(part, str) else part.text for part in self.parts)
        yield from (self.separator, self.note, self.end)

    @cached_property
    def body(self) -> str:
        """The text of the parts, without comments, indentation and line end."""
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)


@dataclass(frozen=True)
class Group:
    """Sibling blocks. The text is open + children + gap + comments + close."""

    children: tuple[Block, ...]
    """The blocks, in the order of the file."""
    kind: Kind = Kind.LINES
    """The kind of the blocks."""
    open: str = ""
    """The text before the first block, such as a bracket."""
    close: str = ""
    """The text after the last block and its comments, such as a closing bracket."""
    gap: str = ""
    """The blank lines after the last block."""
    comments: str = ""
    """The comment lines after the last block."""
    margin: str = field(default="", compare=False)
    """The indentation of the line in which the group opens."""
    inner: str = field(default="", compare=False)
    """The indentation of the blocks' lines."""
    heads: tuple[str, ...] = field(default=(), compare=False)
    """The text that the children depend on: the called function, the base classes, or a
    condition. Children under other heads have another meaning."""

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
    """A block that the user deleted, and the lines that fastgen would add to it."""

    where: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """The merged text of three versions, with the user's side at each clash.

    `deleted` names blocks that the user deleted and fastgen would change. `left_alone`
    names blocks that both sides changed and whose user's version stays.
    """

    text: str
    clashes: tuple[Clash, ...] = ()
    deleted: tuple["Deleted", ...] = ()
    left_alone: tuple[str, ...] = ()
    with_next: str | None = None
    """The text with fastgen's side at each clash, or None without clashes. It may not
    parse."""


class Unreadable(Exception):
    """A text that does not parse, with the 1-based line of the error."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def split_trivia(text: str) -> tuple[str, str]:
    """Whole lines of white space and comments, split into gap and comments."""
    lines = text.splitlines(keepends=True)
    blank = 0
    while blank < len(lines) and not lines[blank].strip():
        blank += 1
    return "".join(lines[:blank]), "".join(lines[blank:])
