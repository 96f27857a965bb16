"""A resource in the spec: its name, fields, access and flags."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from fastgen.catalog.resource_facts import Access, Scope

_BEFORE_COLON = re.compile(r"(\\*):")
_AT_END = re.compile(r"(\\+)\Z")


@dataclass(frozen=True)
class Field:
    """`name:type[:argument...][:flag...]`, parsed."""

    name: str
    """The name in snake case."""
    kind: str
    """The type, such as `decimal`."""
    arguments: tuple[str, ...] = ()
    """The arguments of the type, such as `10` and `2` of `decimal:10:2`."""
    optional: bool = False
    """Whether it may be null."""
    unique: bool = False
    """Whether values are unique."""
    index: bool = False
    """Whether it has an index, by which lists are filtered and sorted."""
    search: bool = False
    """Whether lists can be searched for a part of its text."""
    readonly: bool = False
    """Whether requests cannot set it."""
    writeonly: bool = False
    """Whether responses never contain it."""
    default: str | None = None
    """The text of the default; None without one."""
    min: str | None = None
    """The text of the minimum value or length."""
    max: str | None = None
    """The text of the maximum value or length."""
    pattern: str | None = None
    """A regular expression for its texts."""

    @property
    def definition(self) -> str:
        """The text of the field without its name, in canonical order."""
        return joined(self._parts())

    @property
    def text(self) -> str:
        return f"{self.name}:{self.definition}"

    @property
    def column(self) -> str:
        """The name of the column and of the attribute."""
        return f"{self.name}_id" if self.kind == "ref" else self.name

    @property
    def target(self) -> str:
        """The referenced resource or model of a module; empty without one."""
        return self.arguments[0] if self.kind in ("ref", "many") else ""

    @property
    def on_delete(self) -> str:
        """The action when the referenced row is deleted."""
        if len(self.arguments) > 1:
            return self.arguments[1]
        return "setnull" if self.optional else "restrict"

    @property
    def queried(self) -> bool:
        """Whether lists can be filtered and sorted by the field."""
        return (self.index or self.unique or self.kind == "ref") and not self.writeonly

    @property
    def required(self) -> bool:
        """Whether requests that create a row must contain the field."""
        given = self.optional or self.readonly or self.default is not None
        return not given and self.kind != "many"

    def _parts(self) -> Iterator[str]:
        yield self.kind
        yield from self.arguments
        for flag in ("optional", "unique", "index", "search"):
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
    """A resource. `plural` in snake case is the name of its package and table.

    `scope` is the scope of `access`; None if rows have no owner. `flags` are the set
    flags, sorted.
    """

    name: str
    plural: str
    fields: tuple[Field, ...]
    access: Access
    scope: Scope | None = None
    flags: tuple[str, ...] = ()

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """The fields that are columns of its table."""
        return tuple(field for field in self.fields if field.kind != "many")

    @cached_property
    def many(self) -> tuple[Field, ...]:
        """The fields that have an association table."""
        return tuple(field for field in self.fields if field.kind == "many")

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The stored fields, preceded by the owner if the resource has a scope."""
        if self.scope is None:
            return self.stored
        owner = Field(self.scope.reference, "ref", (self.scope.target, "cascade"))
        return (owner, *self.stored)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def unique_columns(self, field: Field) -> tuple[str, ...]:
        """The columns of the unique constraint of `field`; empty if it is not unique.
        With a scope, the owner's column comes first."""
        if not field.unique:
            return ()
        owner = (self.scope.column,) if self.scope else ()
        return (*owner, field.column)

    def index_columns(self, field: Field) -> tuple[str, ...]:
        """The columns of the index of `field`, or an empty tuple.

        A field whose unique constraint begins with it needs no other index. The index
        ends with `id`, so that the database need not sort the pages of a list. It
        starts with the owner if lists hold the rows of one owner.
        """
        wanted = field.index or field.kind == "ref"
        if not wanted or self.unique_columns(field)[:1] == (field.column,):
            return ()
        if self.scope and field.kind != "ref":
            return (self.scope.column, field.column, "id")
        return (field.column, "id")

    @property
    def targets(self) -> tuple[str, ...]:
        """The referenced resources and models without the resource itself, sorted."""
        every = (*self.columns, *self.many)
        found = {field.target for field in every if field.target}
        return tuple(sorted(found - {self.name}))


def joined(parts: Iterable[str]) -> str:
    r"""The parts as one text, separated by colons.

    A colon within a part becomes `\:`. Backslashes are doubled only before a colon, so
    most patterns stay readable.
    """
    *others, last = (_BEFORE_COLON.sub(r"\1\1\:", part) for part in parts)
    return ":".join([*(_AT_END.sub(r"\1\1", text) for text in others), last])


def parted(text: str) -> Iterator[tuple[str, int]]:
    """The parts of a text that `joined` made, each with its start position."""
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
