"""The migration between two states of the resource tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastgen.resources.constraint_names import DEFAULT_NAMES, ConstraintNames
from fastgen.resources.foreign_key_lines import (
    create_key,
    drop_key,
    key_name,
    on_delete_argument,
)
from fastgen.resources.migration_titles import titled
from fastgen.resources.rules import Check
from fastgen.resources.tables import Column, Table, shape
from fastgen.resources.trigrams import created_indexes, dropped_indexes

Lines = list[str]


@dataclass(frozen=True)
class Migration:
    """The lines of both directions in Python, with a title and a name."""

    title: str
    name: str
    up: tuple[str, ...]
    down: tuple[str, ...]


@dataclass
class _Batch:
    """The changes of one table in one direction."""

    before: Lines = field(default_factory=list)
    lines: Lines = field(default_factory=list)

    def written(self, table: str) -> Iterator[str]:
        yield from self.before
        if self.lines:
            yield f'with op.batch_alter_table("{table}") as batch_op:'
            yield from (f"    {line}" for line in self.lines)


def migration_between(
    old: Mapping[str, Table],
    new: Mapping[str, Table],
    names: ConstraintNames = DEFAULT_NAMES,
) -> Migration | None:
    """The migration from the tables `old` to `new`; None if they are equal."""
    made = {name: new[name] for name in sorted(new.keys() - old.keys())}
    gone = {name: old[name] for name in sorted(old.keys() - new.keys())}
    changed = changed_tables(old, new)
    if not (made or gone or changed):
        return None
    up, down = Lines(), Lines()
    up += _created(made, names)
    changes_up = [line for b, a in changed for line in _altered(b, a, names)]
    changes_down = [
        line for b, a in reversed(changed) for line in _altered(a, b, names)
    ]
    up += [*changes_up, *_dropped(gone, names)]
    down += [*_created(gone, names), *changes_down, *_dropped(made, names)]
    title, name = titled(made, gone, changed)
    return Migration(title, name, tuple(up), tuple(down))


def changed_tables(
    old: Mapping[str, Table], new: Mapping[str, Table]
) -> list[tuple[Table, Table]]:
    """The tables with different columns, before and after."""
    return [
        (old[name], new[name])
        for name in sorted(old.keys() & new.keys())
        if old[name] != new[name] and _differ(old[name], new[name])
    ]


def _differ(before: Table, after: Table) -> bool:
    return {n: shape(c) for n, c in before.columns.items()} != {
        n: shape(c) for n, c in after.columns.items()
    }


def _created(tables: Mapping[str, Table], names: ConstraintNames) -> Iterator[str]:
    """The lines that create `tables`. Referenced tables come first, and foreign keys of
    a cycle last."""
    done: set[str] = set()
    late: list[tuple[Table, Column]] = []
    for name in _order(tables):
        table = tables[name]
        keys = [column for column in table.every if column.key]
        waiting = [
            c
            for c in keys
            if c.key and c.key.table in tables and c.key.table not in {*done, name}
        ]
        late += [(table, column) for column in waiting]
        yield from _create_table(table, [c for c in keys if c not in waiting], names)
        done.add(name)
    for table, column in late:
        yield f'with op.batch_alter_table("{table.name}") as batch_op:'
        yield f"    {create_key(table.name, column, names)}"


def _dropped(tables: Mapping[str, Table], names: ConstraintNames) -> Iterator[str]:
    order = _order(tables)
    for number, name in enumerate(order):
        later = order[number + 1 :]
        for column in tables[name].every:
            if column.key and column.key.table in later:
                yield f'with op.batch_alter_table("{name}") as batch_op:'
                yield f"    {drop_key(name, column, names)}"
    for name in reversed(order):
        yield f'op.drop_table("{name}")'


def _order(tables: Mapping[str, Table]) -> list[str]:
    """The tables, each after the tables that it refers to. A cycle is broken."""
    graph = {name: table.targets & tables.keys() for name, table in tables.items()}
    order: list[str] = []
    waiting = dict(sorted(graph.items()))
    while waiting:
        free = [name for name, needs in waiting.items() if needs <= {*order}]
        # In a cycle, choose the table with the fewest delayed keys.
        chosen = free or [
            min(
                (name for name in waiting if not tables[name].pairs),
                key=lambda name: (len(waiting[name] - {*order}), name),
            )
        ]
        order += chosen
        for name in chosen:
            del waiting[name]
    return order


def _create_table(
    table: Table, keys: Sequence[Column], names: ConstraintNames
) -> Iterator[str]:
    name = table.name
    yield "op.create_table("
    yield f'    "{name}",'
    if not table.pairs:
        yield f"    {_standard_column(table, 'id', 'sa.Uuid()')},"
    for column in table.columns.values():
        yield f"    {_column(column)},"
    for stamp in () if table.pairs else table.stamps:
        yield f"    {_standard_column(table, stamp, 'sa.DateTime(timezone=True)')},"
    for column in table.own:
        yield f"    {_column(column, server_default=True)},"
    for column in keys:
        assert column.key is not None
        yield (
            f'    sa.ForeignKeyConstraint(["{column.name}"], ["{column.key.table}.id"],'
            f" name={key_name(name, column, names)}{on_delete_argument(column.key)}),"
        )
    primary = _quoted(table.primary_key)
    primary_name = names.name("pk", name, table.primary_key)
    yield f'    sa.PrimaryKeyConstraint({primary}, name=op.f("{primary_name}")),'
    for column in table.every:
        if column.unique:
            unique = _unique(name, column, names)
            columns = _quoted(column.unique)
            yield f"    sa.UniqueConstraint({columns}, name={unique}),"
        for check in column.checks:
            sql, check_name = check_parts(name, column, check, names)
            yield f"    sa.CheckConstraint({sql}, name={check_name}),"
    yield ")"
    for column in table.every:
        if column.index:
            index = _index(name, column, names)
            unique = unique_index(column)
            columns = _quoted(column.index)
            yield f'op.create_index({index}, "{name}", [{columns}]{unique})'
    yield from created_indexes(table)
    if table.pairs:  # the primary key only serves lookups by the other column
        own, target = table.columns.values()
        both = f'["{target.name}", "{own.name}"]'
        yield f'op.create_index({pairs_index(table)}, "{name}", {both})'


def _standard_column(table: Table, name: str, type_: str) -> str:
    default = table.server_defaults.get(name)
    said = f", server_default={default}" if default else ""
    return f'sa.Column("{name}", {type_}{said}, nullable=False)'


def pairs_index(table: Table) -> str:
    """The name of the index of an association table, as in its model."""
    _, target = table.columns.values()
    return f'op.f("ix_{table.name}_{target.name}")'


def _altered(before: Table, after: Table, names: ConstraintNames) -> Iterator[str]:
    """The lines that change one table, in batches, because SQLite recreates the table
    for most changes.

    Parts are dropped first, so that their names are free. Server defaults are dropped
    last, when existing rows have their values.
    """
    name = after.name
    first, second, third = _Batch(), _Batch(), _Batch()
    for column in before.columns.values():
        other = after.columns.get(column.name)
        first.lines += _loosened(name, column, other, names)
        if other is None:
            second.lines.append(f'batch_op.drop_column("{column.name}")')
    for column in after.columns.values():
        known = before.columns.get(column.name)
        if known is None:
            second.lines += _added(column)
            third.lines += _without_default(column)
        elif (known.type, known.nullable) != (column.type, column.nullable):
            second.before += _filled(name, known, column)
            second.lines.append(_alter_column(known, column))
        second.lines += _tightened(name, known, column, names)
    yield from dropped_indexes(before, after)
    yield from first.written(name)
    yield from second.written(name)
    yield from third.written(name)
    yield from created_indexes(after, before)


def _added(column: Column) -> Iterator[str]:
    """The line that adds a column. Existing rows get its value, or an empty value after
    a downgrade. Without any value, the column becomes nullable."""
    if not column.nullable and not _has_value(column):
        yield "# The dropped values are lost, so the column is nullable."
        column = replace(column, nullable=True)
    added = _column(column, server_default=not column.nullable)
    yield f"batch_op.add_column({added})"


def _without_default(column: Column) -> Iterator[str]:
    """The line that drops the server default, which is only for existing rows: models
    set the values of new rows."""
    if not column.nullable and _has_value(column):
        yield (
            f'batch_op.alter_column("{column.name}", existing_type={column.type},'
            " existing_nullable=False, server_default=None)"
        )


def _has_value(column: Column) -> bool:
    return column.server_default is not None and not column.unique


def _loosened(
    table: str, column: Column, other: Column | None, names: ConstraintNames
) -> Iterator[str]:
    for check in column.checks:
        if other is None or check not in other.checks:
            _, name = check_parts(table, column, check, names)
            yield f'batch_op.drop_constraint({name}, type_="check")'
    if column.key and (other is None or other.key != column.key):
        yield drop_key(table, column, names)
    if column.unique and not (other and other.unique == column.unique):
        unique = _unique(table, column, names)
        yield f'batch_op.drop_constraint({unique}, type_="unique")'
    if column.index and not (other and other.index == column.index):
        yield f"batch_op.drop_index({_index(table, column, names)})"


def _tightened(
    table: str, known: Column | None, column: Column, names: ConstraintNames
) -> Iterator[str]:
    if column.key and (known is None or known.key != column.key):
        yield create_key(table, column, names)
    if column.unique and not (known and known.unique == column.unique):
        yield (
            f"batch_op.create_unique_constraint({_unique(table, column, names)},"
            f" [{_quoted(column.unique)}])"
        )
    if column.index and not (known and known.index == column.index):
        index = _index(table, column, names)
        unique = unique_index(column)
        yield f"batch_op.create_index({index}, [{_quoted(column.index)}]{unique})"
    for check in column.checks:
        if known is None or check not in known.checks:
            sql, name = check_parts(table, column, check, names)
            yield f"batch_op.create_check_constraint({name}, {sql})"


def _filled(table: str, known: Column, column: Column) -> Iterator[str]:
    """The line that sets the value of existing rows without one."""
    if not known.nullable or column.nullable or column.fill is None:
        return
    # Avoid a variable: a table name could shadow a name of Alembic.
    yield (
        f'op.execute(sa.table("{table}", sa.column("{column.name}", {known.type}))'
        f'.update().where(sa.column("{column.name}").is_(None))'
        f".values({column.name}={column.fill}))"
    )


def _alter_column(known: Column, column: Column) -> str:
    parts = [f'"{column.name}"', f"existing_type={known.type}"]
    if known.type != column.type:
        parts.append(f"type_={column.type}")
    if known.nullable != column.nullable:
        parts.append(f"nullable={column.nullable}")
    else:
        parts.append(f"existing_nullable={column.nullable}")
    return f"batch_op.alter_column({', '.join(parts)})"


def _column(column: Column, *, server_default: bool = False) -> str:
    parts = [f'"{column.name}"', column.type]
    if server_default and column.server_default is not None:
        parts.append(f"server_default={column.server_default}")
    parts.append(f"nullable={column.nullable}")
    return f"sa.Column({', '.join(parts)})"


def _unique(table: str, column: Column, names: ConstraintNames) -> str:
    return f'op.f("{names.name("uq", table, column.unique)}")'


def _index(table: str, column: Column, names: ConstraintNames) -> str:
    return f'op.f("{names.of_index(table, column.index)}")'


def check_parts(
    table: str, column: Column, check: Check, names: ConstraintNames
) -> tuple[str, str]:
    """The condition and the name of a CHECK constraint, as expressions."""
    name = names.of_check(table, column.name, check)
    return repr(check.sql(column.name)), f'op.f("{name}")'


def unique_index(column: Column) -> str:
    """The argument of `create_index` for a unique index of `column`."""
    return ", unique=True" if column.is_unique_index else ""


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
