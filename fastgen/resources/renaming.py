"""A migration that renames tables and columns with their constraints and indexes. All
rows are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastgen.resources.associations import associations_of
from fastgen.resources.constraint_names import ConstraintNames
from fastgen.resources.differences import Migration, unique_index
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import Column, Table
from fastgen.resources.trigrams import POSTGRESQL, renamed_indexes

Tables = Mapping[str, Table]
Names = Mapping[str, str]


@dataclass(frozen=True)
class TableRenames:
    """The new names of tables and columns, by old name."""

    tables: Names = field(default_factory=dict)
    columns: Mapping[str, Names] = field(default_factory=dict)
    """The renames of columns, by the old name of the table."""

    @property
    def is_some(self) -> bool:
        """Whether anything is renamed."""
        return bool(self.tables or self.columns)

    def table(self, name: str) -> str:
        return self.tables.get(name, name)

    def column(self, table: str, name: str) -> str:
        return self.columns.get(table, {}).get(name, name)

    def inverted(self) -> "TableRenames":
        return TableRenames(
            {new: old for old, new in self.tables.items()},
            {
                self.table(table): {new: old for old, new in columns.items()}
                for table, columns in self.columns.items()
            },
        )

    def applied(self, tables: Tables) -> dict[str, Table]:
        """`tables` with the renames applied."""
        return {self.table(n): self._renamed(table) for n, table in tables.items()}

    def _renamed(self, table: Table) -> Table:
        columns = (self._column(table.name, c) for c in table.columns.values())
        named = {column.name: column for column in columns}
        return replace(table, name=self.table(table.name), columns=named)

    def _column(self, table: str, column: Column) -> Column:
        key = column.key
        return replace(
            column,
            name=self.column(table, column.name),
            unique=tuple(self.column(table, each) for each in column.unique),
            index=tuple(self.column(table, each) for each in column.index),
            key=replace(key, table=self.table(key.table)) if key else None,
        )


def table_renames(
    old: Mapping[str, ResourceSpec],
    new: Mapping[str, ResourceSpec],
    resources: Names,
    tables: Names,
) -> TableRenames:
    """The renames of tables and columns between `old` and `new`, the resources by name.

    `resources` maps old names of resources to new ones. `tables` are the tables of
    other models.
    """
    found: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    before = {**tables, **{name: r.plural for name, r in old.items()}}
    after = {**tables, **{name: r.plural for name, r in new.items()}}
    for name, resource in old.items():
        other = new[resources.get(name, name)]
        found[resource.plural] = other.plural
        columns[resource.plural] = {
            one.column: two.column
            for one, two in zip(resource.columns, other.columns, strict=True)
        }
        pairs = zip(
            associations_of(resource, before),
            associations_of(other, after),
            strict=True,
        )
        for one, two in pairs:
            found[one.table] = two.table
            columns[one.table] = {
                one.own_column: two.own_column,
                one.target_column: two.target_column,
            }
    changed = {t: {a: b for a, b in c.items() if a != b} for t, c in columns.items()}
    return TableRenames(
        {a: b for a, b in found.items() if a != b},
        {table: names for table, names in changed.items() if names},
    )


def renaming(
    tables: Tables, renames: TableRenames, names: ConstraintNames
) -> Migration:
    """The migration that applies `renames` to `tables`."""
    after = renames.applied(tables)
    changes = [
        found
        for name, table in tables.items()
        if (found := _change(table, after[renames.table(name)], renames, names))
    ]
    up = tuple(_lines(changes))
    down = tuple(_lines([change.inverted() for change in changes]))
    return Migration(*_words(renames), up, down)


def _words(renames: TableRenames) -> tuple[str, str]:
    parts = [f"{old} to {new}" for old, new in sorted(renames.tables.items())]
    names = [f"rename_{old}_to_{new}" for old, new in sorted(renames.tables.items())]
    for table, columns in sorted(renames.columns.items()):
        for old, new in sorted(columns.items()):
            parts.append(f"{table}.{old} to {new}")
            names.append(f"{renames.table(table)}_rename_{old}_to_{new}")
    return f"Renames {', '.join(parts)}.", names[0][:60].rstrip("_")


@dataclass(frozen=True)
class _Rule:
    """A constraint or an index of a table."""

    kind: str
    name: str
    columns: tuple[str, ...]
    column: Column | None = None
    condition: str = ""


@dataclass(frozen=True)
class _Change:
    """A table before and after the renames, with its renamed columns and rules."""

    table: Table
    other: Table
    columns: tuple[tuple[str, str], ...]
    rules: tuple[tuple[_Rule, _Rule], ...]
    primary: tuple[str, str]

    def inverted(self) -> "_Change":
        columns = tuple((new, old) for old, new in self.columns)
        rules = tuple((new, old) for old, new in self.rules)
        return _Change(self.other, self.table, columns, rules, self.primary[::-1])


def _change(
    table: Table, other: Table, renames: TableRenames, names: ConstraintNames
) -> _Change | None:
    """The change of a table; None if the table, its columns and its rules keep their
    names."""
    columns = tuple(renames.columns.get(table.name, {}).items())
    by_convention = ConstraintNames(names.convention)
    pairs = zip(
        _rules(table, names),
        _rules(table, by_convention),
        _rules(other, by_convention),
        strict=True,
    )
    # A rule that the user named keeps its name.
    every = (
        (old, new if old.name == usual.name else replace(new, name=old.name))
        for old, usual, new in pairs
    )
    rules = tuple(
        (old, new)
        for old, new in every
        if (old.name, old.condition) != (new.name, new.condition)
    )
    primary = (
        names.name("pk", table.name, table.primary_key),
        by_convention.name("pk", other.name, other.primary_key),
    )
    if not (columns or rules or table.name != other.name):
        return None
    return _Change(table, other, columns, rules, primary)


def _rules(table: Table, names: ConstraintNames) -> Iterator[_Rule]:
    for column in table.columns.values():
        own = (column.name,)
        if column.key:
            name = names.name("fk", table.name, own, column.key.table)
            yield _Rule("fk", name, own, column)
        if column.unique:
            name = names.name("uq", table.name, column.unique)
            yield _Rule("uq", name, column.unique)
        if column.index:
            name = names.of_index(table.name, column.index)
            yield _Rule("ix", name, column.index, column)
        for check in column.checks:
            name = names.of_check(table.name, column.name, check)
            yield _Rule("ck", name, own, column, check.sql(column.name))
    if table.pairs:
        own_name, target = table.columns
        both = (target, own_name)
        known = names.existing.get(("ix", table.name, both))
        yield _Rule("ix", known or f"ix_{table.name}_{target}", both)


def _lines(changes: Sequence[_Change]) -> Iterator[str]:
    """The lines of one direction. Renamed rules are dropped first and recreated
    last."""
    for change in changes:
        yield from _batch(change.table.name, (_drop(old) for old, _ in change.rules))
    for change in changes:
        if change.table.name != change.other.name:
            yield f'op.rename_table("{change.table.name}", "{change.other.name}")'
    for change in changes:
        stored = change.table.columns
        renamed = (_rename(stored[old], new) for old, new in change.columns)
        yield from _batch(change.other.name, renamed)
    for change in changes:
        yield from _batch(change.other.name, (_create(new) for _, new in change.rules))
    keys = [line for change in changes for line in _primary_renamed(change)]
    for change in changes:
        keys += renamed_indexes(change.table, change.other)
    if keys:  # on SQLite the name of a primary key is local to its table
        yield POSTGRESQL
        yield from (f"    {line}" for line in keys)


def _primary_renamed(change: _Change) -> Iterator[str]:
    old, new = change.primary
    if old != new:
        yield (
            f"op.execute('ALTER TABLE \"{change.other.name}\" RENAME CONSTRAINT'"
            f' \' "{old}" TO "{new}"\')'
        )


def _batch(table: str, lines: Iterable[str]) -> Iterator[str]:
    found = [*lines]
    if found:
        yield f'with op.batch_alter_table("{table}") as batch_op:'
        yield from (f"    {line}" for line in found)


def _rename(column: Column, name: str) -> str:
    return (
        f'batch_op.alter_column("{column.name}", new_column_name="{name}",'
        f" existing_type={column.type}, existing_nullable={column.nullable})"
    )


def _drop(rule: _Rule) -> str:
    name = f'op.f("{rule.name}")'
    if rule.kind == "ix":
        return f"batch_op.drop_index({name})"
    kind = {"fk": "foreignkey", "uq": "unique", "ck": "check"}[rule.kind]
    return f'batch_op.drop_constraint({name}, type_="{kind}")'


def _create(rule: _Rule) -> str:
    name = f'op.f("{rule.name}")'
    columns = ", ".join(f'"{column}"' for column in rule.columns)
    if rule.kind == "ix":
        unique = unique_index(rule.column) if rule.column else ""
        return f"batch_op.create_index({name}, [{columns}]{unique})"
    if rule.kind == "ck":
        return f"batch_op.create_check_constraint({name}, {rule.condition!r})"
    if rule.kind == "uq":
        return f"batch_op.create_unique_constraint({name}, [{columns}])"
    key = rule.column.key if rule.column else None
    assert key is not None
    action = f", ondelete={key.on_delete!r}" if key.on_delete else ""
    target = f'"{key.table}", [{columns}], ["id"]'
    return f"batch_op.create_foreign_key({name}, {target}{action})"
