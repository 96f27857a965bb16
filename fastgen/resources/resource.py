"""A resource as the spec has it: a name, fields, and who may do what."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.catalog.resource_facts import Access, Scope

_BEFORE_COLON = re.compile(r"(\\*):")
_AT_END = re.compile(r"(\\+)\Z")


@dataclass(frozen=True)
class Field:
    """`name:type[:argument...][:flag...]`, taken apart."""

    name: str
    """The name, in snake case."""
    kind: str
    """The name of its type, such as `decimal`."""
    arguments: tuple[str, ...] = ()
    """The arguments of the type, such as `10` and `2` of `decimal:10:2`."""
    optional: bool = False
    """Whether it may be null."""
    unique: bool = False
    """Whether no two rows have the same value."""
    index: bool = False
    """Whether it has an index, by which lists are filtered and sorted."""
    readonly: bool = False
    """Whether requests cannot set it."""
    writeonly: bool = False
    """Whether answers never show it."""
    default: str | None = None
    """The text of its default; None: it has none."""
    min: str | None = None
    """The text of its least value or length."""
    max: str | None = None
    """The text of its greatest value or length."""
    pattern: str | None = None
    """A regular expression that its texts match."""

    @property
    def definition(self) -> str:
        """All but the name, always in the same order."""
        return joined(self._parts())

    @property
    def text(self) -> str:
        return f"{self.name}:{self.definition}"

    @property
    def column(self) -> str:
        """The name of its column, and of its attribute."""
        return f"{self.name}_id" if self.kind == "ref" else self.name

    @property
    def target(self) -> str:
        """The resource, or the model of a module, that it refers to; empty if none."""
        return self.arguments[0] if self.kind in ("ref", "many") else ""

    @property
    def on_delete(self) -> str:
        """What becomes of the row when the one that it refers to is deleted."""
        if len(self.arguments) > 1:
            return self.arguments[1]
        return "setnull" if self.optional else "restrict"

    @property
    def queried(self) -> bool:
        """Whether a list is filtered and sorted by it."""
        return (self.index or self.unique or self.kind == "ref") and not self.writeonly

    @property
    def required(self) -> bool:
        """Whether whoever creates a row has to say it."""
        given = self.optional or self.readonly or self.default is not None
        return not given and self.kind != "many"

    def _parts(self) -> Iterator[str]:
        yield self.kind
        yield from self.arguments
        for flag in ("optional", "unique", "index"):
            if getattr(self, flag):
                yield flag
        for limit in ("min", "max", "pattern", "default"):
            if getattr(self, limit) is not None:
                yield f"{limit}={getattr(self, limit)}"
        for flag in ("readonly", "writeonly"):
            if getattr(self, flag):
                yield flag


@dataclass(frozen=True)
class ResourceSpec:
    """A resource; `plural` in snake case is its package, and its table.

    `scope` is the one of `access`; None if its rows belong to nobody. `flags` are those
    of modules that it has, sorted.
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    access: Access
    scope: Scope | None = None
    flags: tuple[str, ...] = ()

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """Its fields that are columns of its table."""
        return tuple(field for field in self.fields if field.kind != "many")

    @cached_property
    def many(self) -> tuple[Field, ...]:
        """Its fields that have a table of their own, with pairs of rows."""
        return tuple(field for field in self.fields if field.kind == "many")

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The stored fields, with the owner that its access brings."""
        if self.scope is None:
            return self.stored
        owner = Field(self.scope.reference, "ref", (self.scope.target, "cascade"))
        return (owner, *self.stored)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def unique_columns(self, field: Field) -> tuple[str, ...]:
        """What no two rows have alike, if `field` is unique: its column, and before it
        the owner's where each user has their own rows; else nothing."""
        if not field.unique:
            return ()
        owner = (self.scope.column,) if self.scope else ()
        return (*owner, field.column)

    def index_columns(self, field: Field) -> tuple[str, ...]:
        """The columns of its index, beside that of what is unique; or nothing. The
        pages of a list are read in its order: of the rows of one owner, by value, and
        by id where the value is the same."""
        wanted = field.index or field.kind == "ref"
        if not wanted or self.unique_columns(field)[:1] == (field.column,):
            return ()
        if self.scope and field.kind != "ref":
            return (self.scope.column, field.column, "id")
        return (field.column, "id")

    @property
    def targets(self) -> tuple[str, ...]:
        """What it refers to, each once, itself left out."""
        every = (*self.columns, *self.many)
        found = {field.target for field in every if field.target}
        return tuple(sorted(found - {self.name}))


def joined(parts: Iterable[str]) -> str:
    r"""One text of all parts, with a colon between two.

    A colon within a part is `\:`. Backslashes that would stand before a colon are two
    for each; all others are themselves, so that most patterns read as they are.
    """
    *others, last = (_BEFORE_COLON.sub(r"\1\1\:", part) for part in parts)
    return ":".join([*(_AT_END.sub(r"\1\1", text) for text in others), last])


def parted(text: str) -> Iterator[tuple[str, int]]:
    """The parts that `joined` made `text` of, each with the place where it begins."""
    part, start, read = "", 0, 0
    for match in _BEFORE_COLON.finditer(text):
        backslashes = match[1]
        part += text[read : match.start()] + backslashes[: len(backslashes) // 2]
        read = match.end()
        if len(backslashes) % 2:
            part += ":"
        else:
            yield part, start
            part, start = "", read
    yield part + text[read:], start
