"""The tables and columns before a rename, as in the project's migrations and models."""

from collections.abc import Mapping
from dataclasses import replace

from fastgen.migrations.existing_columns import already, existing_table
from fastgen.migrations.existing_tables import Existing, Tables
from fastgen.migrations.project_tables import ProjectTables
from fastgen.migrations.refusals import (
    ColumnThere,
    FieldGone,
    FieldRenamed,
    RenamedTable,
    TableTaken,
)
from fastgen.plan import Finding
from fastgen.resources.renaming import Names, TableRenames


def as_renamed(
    before: Tables, renames: TableRenames, around: ProjectTables
) -> Existing:
    """`before` as created by the project's migrations, with the remaining renames.

    Raises FieldGone, FieldRenamed, ColumnThere, TableTaken, TableGone and RenamedTable.
    """
    # Renaming a table recreates the foreign keys of other tables, so check all.
    for name in before if renames.tables else renames.columns:
        _check_name(name, renames.tables.get(name), around)
    findings: list[Finding] = []
    tables = _done_tables(renames.tables, around, findings)
    for name in {**renames.tables, **renames.columns}:
        around.check_not_gone(tables.get(name, name))
    columns = {
        table: _done_columns(tables.get(table, table), names, around, findings)
        for table, names in renames.columns.items()
    }
    done = TableRenames(tables, columns)
    found = {
        name: existing_table(
            table, around.schema.tables.get(name), around.constraint_names
        )
        for name, table in done.applied(before).items()
    }
    left = replace(
        renames,
        tables=_without(renames.tables, tables),
        columns={
            tables.get(table, table): rest
            for table, names in renames.columns.items()
            if (rest := _without(names, columns[table]))
        },
    )
    return Existing(found, left.applied(found), tuple(findings), left)


def _done_tables(
    renames: Names, around: ProjectTables, findings: list[Finding]
) -> dict[str, str]:
    """The table renames that an existing migration does. Adds a notice to `findings`
    for each. Raises TableTaken."""
    done: dict[str, str] = {}
    for old, new in renames.items():
        there = around.schema.tables.get(new)
        if there is None:
            around.check_free(new)
            continue
        if old in around.schema.tables:
            raise TableTaken(place=there.place, model="a migration", table=new)
        done[old] = new
        findings.append(already(there.place, new))
    return done


def _done_columns(
    table: str, renames: Names, around: ProjectTables, findings: list[Finding]
) -> dict[str, str]:
    """The column renames of `table` that an existing migration does. Adds a notice to
    `findings` for each.

    Raises ColumnThere, FieldGone and FieldRenamed.
    """
    known = around.schema.tables.get(table)
    done: dict[str, str] = {}
    for old, new in renames.items() if known and known.clear else ():
        assert known is not None
        there = known.columns.get(new)
        if there and old in known.columns:
            said = {"table": table, "column": new, "found": there.type}
            raise ColumnThere(place=there.place, **said)
        if there:
            done[old] = new
            findings.append(already(there.place, f"{table}.{new}"))
        elif old not in known.columns:
            gone = known.gone.get(old)
            said = {"model": around.model_name(table), "column": old}
            said["field"] = around.field_name(table, old)
            place = gone.place if gone else known.place
            if gone and gone.renamed:
                raise FieldRenamed(place=place, found=gone.renamed, **said)
            raise FieldGone(place=place, **said)
    return done


def _without(names: Names, done: Names) -> Mapping[str, str]:
    return {old: new for old, new in names.items() if old not in done}


def _check_name(name: str, new: str | None, around: ProjectTables) -> None:
    model = around.model(name)
    if model and model.table not in (None, name, new):
        said = {"model": model.name, "found": model.table, "table": name}
        raise RenamedTable(place=model.table_place, **said)
