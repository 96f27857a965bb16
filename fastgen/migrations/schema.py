"""The tables that the migrations of a project make, as far as their text says it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Place:
    """A line of a file."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class MigratedColumn:
    """A column, and the operation that made it or changed it last. `type` and
    `nullable` are None where the text does not say."""

    name: str
    type: str | None
    nullable: bool | None
    place: Place


@dataclass(frozen=True)
class Rule:
    """A constraint or an index: `kind` is `uq`, `ix`, `fk`, `pk`, `ck`, or `ux` for a
    unique index. `name` is None where the text leaves it to the convention."""

    kind: str
    columns: tuple[str, ...]
    name: str | None = None
    target: str = ""
    on_delete: str = ""
    condition: str = ""
    """Of a CHECK constraint; empty where the text does not say."""


@dataclass(frozen=True)
class Gone:
    """A column or a table that is no longer there; `renamed` is its new name."""

    place: Place
    renamed: str = ""


@dataclass(frozen=True)
class MigratedTable:
    name: str
    place: Place
    columns: Mapping[str, MigratedColumn] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """The columns that it no longer has."""
    unread: tuple[Place, ...] = ()
    """The statements that may change it in a way that is unknown."""
    whole: bool = True
    """Whether the migration that makes it is known."""

    @property
    def clear(self) -> bool:
        """Whether all of its columns are known."""
        return self.whole and not self.unread

    def not_read(self, place: Place) -> "MigratedTable":
        """The table that the statement at `place` may change."""
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
        """The table without the column, and without the rules that it is part of."""
        columns = {n: c for n, c in self.columns.items() if n != name}
        rules = tuple(rule for rule in self.rules if name not in rule.columns)
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
            replace(rule, columns=tuple(new if c == old else c for c in rule.columns))
            for rule in self.rules
        )
        gone = {name: g for name, g in self.gone.items() if name != new}
        gone[old] = Gone(place, new)
        return replace(self, columns=columns, rules=rules, gone=gone)


@dataclass(frozen=True)
class PossibleTables:
    """A statement that may make tables, and it is unknown which."""

    place: Place
    names: frozenset[str]
    """The names that it may give them; if empty, any."""


@dataclass(frozen=True)
class Schema:
    """All tables, by name."""

    tables: Mapping[str, MigratedTable] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """The tables that are no longer there."""
    unread: tuple[PossibleTables, ...] = ()
    """The statements that may make tables beside those in `tables`."""
    clear: bool = True
    """Whether every statement concerns tables that are known."""

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
        """What `table` is called now: another branch of the migrations may have renamed
        it."""
        seen: set[str] = set()
        while table not in self.tables and table not in seen:
            seen.add(table)
            gone = self.gone.get(table)
            table = gone.renamed if gone and gone.renamed else table
        return table

    def with_renamed_rule(self, old: str, new: str) -> "Schema":
        """The schema in which the index `old` of any table is called `new`."""
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
        """The schema in which the statement at `place` may change the tables `names`;
        without names, all tables."""
        tables = {
            name: table.not_read(place) if name in names or not names else table
            for name, table in self.tables.items()
        }
        return replace(self, tables=tables, clear=self.clear and bool(names))

    def maybe_making(self, place: Place, names: Iterable[str]) -> "Schema":
        """The schema to which the statement at `place` may add tables called `names`;
        if `names` is empty, any."""
        added = PossibleTables(place, frozenset(names))
        if added in self.unread:
            return self
        return replace(self, unread=(*self.unread, added))

    def unread_places(self, table: str) -> tuple[Place, ...]:
        """The statements that may change `table`, or make it."""
        if known := self.tables.get(table):
            return known.unread
        return tuple(
            each.place for each in self.unread if table in each.names or not each.names
        )

    def referring(self, name: str) -> Iterator[tuple[MigratedTable, Rule]]:
        """The foreign keys of other tables that lead to the table `name`."""
        for table in self.tables.values():
            for rule in table.rules:
                if rule.kind == "fk" and rule.target == name and table.name != name:
                    yield table, rule


def _aimed(table: MigratedTable, old: str, new: str) -> MigratedTable:
    """`table`, whose keys that lead to `old` lead to `new`."""
    rules = tuple(
        replace(rule, target=new) if rule.target == old else rule
        for rule in table.rules
    )
    return replace(table, rules=rules)
