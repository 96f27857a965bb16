"""The names that a rename starts from, as the project's migrations and models have
them."""

from collections.abc import Mapping
from dataclasses import replace

from fastgen.errors import NeedsPerson
from fastgen.migrations.existing_tables import ColumnThere, FieldGone, TableTaken
from fastgen.migrations.project_tables import ProjectTables
from fastgen.plan import Finding, Severity
from fastgen.resources.renaming import TableRenames
from fastgen.resources.tables import Table

Tables = Mapping[str, Table]


class RenamedTable(NeedsPerson):
    """{place} names the table of {model} {found}, and `fastgen rename` changes tables
    by the names that it gave them. Restore the name {table}, with a migration that
    renames {found} to it, then run this command again."""


def renames_to_do(
    tables: Tables, renames: TableRenames, around: ProjectTables
) -> tuple[Tables, TableRenames, tuple[Finding, ...]]:
    """`tables` and `renames` without what the project's migrations have renamed
    already. Raises FieldGone, ColumnThere, TableTaken and RenamedTable."""
    # The foreign keys of other tables are made again when a table gets another name.
    for name in tables if renames.tables else renames.columns:
        _check_name(name, renames.tables.get(name), around)
    done: dict[str, str] = {}
    findings: list[Finding] = []
    left = dict(renames.tables)
    for old, new in renames.tables.items():
        there = around.schema.tables.get(new)
        if there and old not in around.schema.tables:
            done[old] = new
            del left[old]
            findings.append(_notice(there.place.path, there.place.line, new))
        elif there:
            raise TableTaken(place=there.place, model="a migration", table=new)
    columns: dict[str, Mapping[str, str]] = {}
    for table, names in renames.columns.items():
        known = around.schema.tables.get(done.get(table, table))
        mine = dict(names)
        for old, new in names.items():
            if known is None or not known.clear:
                continue
            there_column = known.columns.get(new)
            if there_column and old not in known.columns:
                del mine[old]
                place = there_column.place
                findings.append(_notice(place.path, place.line, f"{table}.{new}"))
            elif there_column:
                said = {"table": table, "column": new, "found": there_column.type}
                raise ColumnThere(place=there_column.place, **said)
            elif old not in known.columns:
                model = around.model_name(table)
                said = {"column": old, "field": around.field_name(table, old)}
                raise FieldGone(place=known.place, model=model, **said)
        if mine:
            columns[table] = mine
        done_columns = {o: n for o, n in names.items() if o not in mine}
        if done_columns:
            earlier = TableRenames({}, {table: done_columns})
            tables = earlier.applied(tables)
    if done:
        tables = TableRenames(done, {}).applied(tables)
        columns = {done.get(table, table): names for table, names in columns.items()}
    return tables, replace(renames, tables=left, columns=columns), tuple(findings)


def _check_name(name: str, new: str | None, around: ProjectTables) -> None:
    model = around.model(name)
    if model and model.table not in (None, name, new):
        said = {"model": model.name, "found": model.table, "table": name}
        raise RenamedTable(place=model.table_place, **said)


def _notice(path: str, line: int, name: str) -> Finding:
    message = f"already makes {name}, so no other migration does"
    return Finding(Severity.NOTICE, path, message, line)
