"""The tables that the migrations of a project make, as far as their text says it."""

from collections.abc import Iterator, Mapping
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
    clear: bool = True
    """Whether all of its columns are known."""

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
class Schema:
    """All tables, by name."""

    tables: Mapping[str, MigratedTable] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)
    """The tables that are no longer there."""
    clear: bool = True
    """Whether every migration could be read."""

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

    def unclear(self, *names: str) -> "Schema":
        """The schema in which the columns of `names` may be others; without names, of
        all tables."""
        tables = {
            name: replace(table, clear=False) if name in names or not names else table
            for name, table in self.tables.items()
        }
        return replace(self, tables=tables, clear=self.clear and bool(names))

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
