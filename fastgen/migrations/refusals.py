"""Errors about tables that differ from fastgen.toml."""

from fastgen.errors import NeedsPerson


class FieldGone(NeedsPerson):
    """{place}: {model} has no column {column} any more, and fastgen.toml still has it.
    Restore the column. Or, if you renamed it, run `fastgen rename field {model} {field}
    NEW` first."""


class FieldRenamed(NeedsPerson):
    """{place}: {model} has no column {column} any more; it seems to be called {found}
    now. Run `fastgen rename field {model} {field} {found}` first, or, if {found} is
    another column, delete {column} from the table with a migration of your own."""


class TableGone(NeedsPerson):
    """{place} drops or renames the table {table}, which the model of {model} still
    names. Change that migration or the `__tablename__` of the model. Or run `fastgen
    remove resource {model}` if the table is not needed any more."""


class ColumnThere(NeedsPerson):
    """{place} already makes the column {table}.{column} as {found}, and fastgen.toml
    does not have it. Delete that migration if you discarded its change, or generate the
    field with that type."""


class TableThere(NeedsPerson):
    """{place} already makes the table {table}, with other columns. Delete that
    migration if you discarded its change, or choose another name with --plural."""


class TableTaken(NeedsPerson):
    """{place}: {model} already has the table {table}. Choose another name with
    --plural."""


class TableNamedOtherwise(NeedsPerson):
    """{place} names the table of {model} {found}, and no migration renames {table} to
    it. Write one with `op.rename_table("{table}", "{found}")` first, or restore the
    name."""


class ReferredByAnotherName(NeedsPerson):
    """{place} names the table of {model} {found}, and a new reference would lead to
    {table}. Restore the name of the table first."""


class RenamedTable(NeedsPerson):
    """{place} names the table of {model} {found}, and `fastgen rename` changes tables
    by the names that it gave them. Restore the name {table}, with a migration that
    renames {found} to it, then run this command again."""
