"""The tables that migrations create, as far as their source tells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from fastgen.resources.rules import mentions, with_renamed_column


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class MigratedColumn:
    """A column, with the operation that last created or changed it. `type` and
    `nullable` are None if unknown."""

    name: str
    type: str | None
    nullable: bool | None
    place: Place


@dataclass(frozen=True)
class Rule:
    """A constraint or an index. `kind` is `uq`, `ix`, `fk`, `pk`, `ck`, or `ux` for a
    unique index. `name` is None if the naming convention decides it."""

    kind: str
    columns: tuple[str, ...]
    name: str | None = None
    target: str = ""
    on_delete: str = ""
    condition: str = ""
    """The condition of a CHECK constraint; empty if unknown."""
    place: Place | None = field(default=None, compare=False)
    """The operation that creates it, if known."""


@dataclass(frozen=True)
class Gone:
    """A dropped or renamed column or table. `renamed` is its new name."""

    place: Place
    renamed: str = ""


@dataclass(frozen=True)
class MigratedTable:
    name: str
    place: Place
    columns: Mapping[str, MigratedColumn] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """The dropped and renamed columns."""
    unread: tuple[Place, ...] = ()
    """The statements that may change it in an unknown way."""
    whole: bool = True
    """Whether the migration that creates it is known."""

    @property
    def clear(self) -> bool:
        """Whether all columns are known."""
        return self.whole and not self.unread

    def not_read(self, place: Place) -> "MigratedTable":
        """The table with a note that the statement at `place` may change it."""
        if place in self.unread:
            return self
        return replace(self, unread=(*self.unread, place))

    def rules_on(self, kind: str, columns: tuple[str, ...]) -> Iterator[Rule]:
        return (r for r in self.rules if r.kind == kind and r.columns == columns)

    def with_column(self, column: MigratedColumn) -> "MigratedTable":
        gone = {name: g for name, g in self.gone.items() if name != column.name}
        columns = {**self.columns, column.name: column}
        return replace(self, columns=columns, gone=gone)

    def without_column(self, name: str, gone: Gone) -> "MigratedTable":
        """The table without the column and its rules."""
        columns = {n: c for n, c in self.columns.items() if n != name}
        rules = tuple(
            rule
            for rule in self.rules
            if name not in rule.columns and not mentions(rule.condition, name)
        )
        known = {**self.gone, name: gone}
        return replace(self, columns=columns, rules=rules, gone=known)

    def with_renamed_rule(self, old: str, new: str) -> "MigratedTable":
        rules = tuple(replace(r, name=new) if r.name == old else r for r in self.rules)
        return replace(self, rules=rules)

    def with_renamed_column(self, old: str, new: str, place: Place) -> "MigratedTable":
        columns = {
            new if name == old else name: replace(column, name=new, place=place)
            if name == old
            else column
            for name, column in self.columns.items()
        }
        rules = tuple(
            replace(
                rule,
                columns=tuple(new if c == old else c for c in rule.columns),
                condition=with_renamed_column(rule.condition, old, new),
            )
            for rule in self.rules
        )
        gone = {name: g for name, g in self.gone.items() if name != new}
        gone[old] = Gone(place, new)
        return replace(self, columns=columns, rules=rules, gone=gone)


@dataclass(frozen=True)
class PossibleTables:
    """A statement that may create unknown tables."""

    place: Place
    names: frozenset[str]
    """The possible names of the tables; empty if any name is possible."""


@dataclass(frozen=True)
class Schema:
    """All tables, by name."""

    tables: Mapping[str, MigratedTable] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """The dropped and renamed tables."""
    unread: tuple[PossibleTables, ...] = ()
    """The statements that may create tables outside `tables`."""
    clear: bool = True
    """Whether every statement is about known tables."""

    def with_table(self, table: MigratedTable) -> "Schema":
        gone = {name: g for name, g in self.gone.items() if name != table.name}
        return replace(self, tables={**self.tables, table.name: table}, gone=gone)

    def without_table(self, name: str, place: Place) -> "Schema":
        tables = {n: table for n, table in self.tables.items() if n != name}
        return replace(self, tables=tables, gone={**self.gone, name: Gone(place)})

    def with_renamed_table(self, old: str, new: str, place: Place) -> "Schema":
        tables = {
            new if name == old else name: _aimed(
                replace(table, name=new) if name == old else table, old, new
            )
            for name, table in self.tables.items()
        }
        gone = {name: g for name, g in self.gone.items() if name != new}
        gone[old] = Gone(place, new)
        return replace(self, tables=tables, gone=gone)

    def current_name(self, table: str) -> str:
        """The current name of `table`, which another branch of the migrations may have
        renamed."""
        seen: set[str] = set()
        while table not in self.tables and table not in seen:
            seen.add(table)
            gone = self.gone.get(table)
            table = gone.renamed if gone and gone.renamed else table
        return table

    def with_renamed_rule(self, old: str, new: str) -> "Schema":
        """The schema with the index or constraint `old` of any table renamed to
        `new`."""
        tables = {n: t.with_renamed_rule(old, new) for n, t in self.tables.items()}
        return replace(self, tables=tables)

    def without_rule(self, name: str) -> "Schema":
        """The schema without the index or constraint `name` of any table."""
        tables = {
            each: replace(table, rules=tuple(r for r in table.rules if r.name != name))
            for each, table in self.tables.items()
        }
        return replace(self, tables=tables)

    def not_read(self, place: Place, *names: str) -> "Schema":
        """The schema with a note that the statement at `place` may change the tables
        `names`, or all tables without names."""
        tables = {
            name: table.not_read(place) if name in names or not names else table
            for name, table in self.tables.items()
        }
        return replace(self, tables=tables, clear=self.clear and bool(names))

    def maybe_making(self, place: Place, names: Iterable[str]) -> "Schema":
        """The schema with a note that the statement at `place` may create tables called
        `names`, or any tables if `names` is empty."""
        added = PossibleTables(place, frozenset(names))
        if added in self.unread:
            return self
        return replace(self, unread=(*self.unread, added))

    def unread_places(self, table: str) -> tuple[Place, ...]:
        """The statements that may change or create `table`."""
        if known := self.tables.get(table):
            return known.unread
        return tuple(
            each.place for each in self.unread if table in each.names or not each.names
        )

    def referring(self, name: str) -> Iterator[tuple[MigratedTable, Rule]]:
        """The foreign keys of other tables that refer to the table `name`."""
        for table in self.tables.values():
            for rule in table.rules:
                if rule.kind == "fk" and rule.target == name and table.name != name:
                    yield table, rule


def _aimed(table: MigratedTable, old: str, new: str) -> MigratedTable:
    """`table` with its foreign keys to `old` changed to `new`."""
    rules = tuple(
        replace(rule, target=new) if rule.target == old else rule
        for rule in table.rules
    )
    return replace(table, rules=rules)
