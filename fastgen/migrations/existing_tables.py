"""The tables before a migration, as in the project's migrations and models. The project
may have changed since fastgen.toml was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fastgen.migrations.column_types import same_type
from fastgen.migrations.existing_checks import replaced_checks
from fastgen.migrations.existing_columns import (
    KNOWN,
    already,
    already_gone,
    changed_column,
    existing_column,
    own_columns,
)
from fastgen.migrations.project_models import Model
from fastgen.migrations.project_tables import ProjectTables
from fastgen.migrations.refusals import (
    ColumnThere,
    FieldGone,
    FieldRenamed,
    ReferredByAnotherName,
    TableNamedOtherwise,
    TableThere,
)
from fastgen.migrations.schema import MigratedTable, Place
from fastgen.plan import Finding
from fastgen.resources.renaming import TableRenames
from fastgen.resources.tables import Column, Table, shape

Tables = Mapping[str, Table]


@dataclass(frozen=True)
class Existing:
    """The tables before and after the change, and its findings."""

    before: Tables
    after: Tables
    findings: tuple[Finding, ...] = ()
    renames: TableRenames = field(default_factory=TableRenames)
    """The remaining renames of `before`."""


def as_existing(before: Tables, after: Tables, around: ProjectTables) -> Existing:
    """`before` and `after` without changes that existing migrations already make, with
    the actual names and types. Raises the errors of `refusals`."""
    names = _users_names(before, after, around)
    before, after = _named(before, names), _named(after, names)
    around = around.with_names(names)
    for name in sorted(_newly_referred(before, after)):
        around.check_not_gone(name)
    old, new = dict(before), dict(after)
    findings: list[Finding] = []
    for name in sorted(before.keys() | after.keys()):
        pair = before.get(name), after.get(name)
        if pair[0] != pair[1]:
            found = _Table(name, *pair, around).existing()
            findings += found.findings
            for tables, table in ((old, found.before), (new, found.after)):
                if table is not None:
                    tables[name] = table
                else:
                    tables.pop(name, None)
    return Existing(old, new, tuple(findings))


def _users_names(
    before: Tables, after: Tables, around: ProjectTables
) -> Mapping[str, str]:
    """The user's names for the tables of the change, by the names in fastgen.toml.

    Raises TableNamedOtherwise and ReferredByAnotherName.
    """
    found: dict[str, str] = {}
    referred = _newly_referred(before, after)
    changed = {name for name in before if before[name] != after.get(name)}
    for name in sorted(changed | referred):
        model = around.model(name)
        if model is None or model.table is None or model.table == name:
            continue
        said = {"place": model.table_place, "model": model.name, "found": model.table}
        tables = around.schema.tables
        if name in tables or (around.schema.clear and model.table not in tables):
            raise TableNamedOtherwise(table=name, **said)
        if name in referred:
            raise ReferredByAnotherName(table=name, **said)
        found[name] = model.table
    return found


def _newly_referred(before: Tables, after: Tables) -> set[str]:
    return {
        column.key.table
        for name, table in after.items()
        for column in table.columns.values()
        if column.key
        and (name not in before or column.name not in before[name].columns)
        and column.key.table in before
    }


def _named(tables: Tables, names: Mapping[str, str]) -> Tables:
    if not names:
        return tables
    return {
        names.get(name, name): replace(
            table,
            name=names.get(name, name),
            columns={n: _aimed(c, names) for n, c in table.columns.items()},
        )
        for name, table in tables.items()
    }


def _aimed(column: Column, names: Mapping[str, str]) -> Column:
    if column.key is None or column.key.table not in names:
        return column
    return replace(column, key=replace(column.key, table=names[column.key.table]))


@dataclass(frozen=True)
class _Existing:
    before: Table | None
    after: Table | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Table:
    """One table of the change, in the context of the project."""

    name: str
    before: Table | None
    after: Table | None
    around: ProjectTables

    def existing(self) -> _Existing:
        if self.before is None:
            return self._made()
        if self.after is None:
            return self._dropped()
        return self._changed(self.before, self.after)

    def _made(self) -> _Existing:
        assert self.after is not None
        self.around.check_free(self.name)
        known = self.around.schema.tables.get(self.name)
        if known is None:
            return _Existing(None, self.after)
        columns = {}
        names = self.around.constraint_names
        for name, column in self.after.columns.items():
            there = known.columns.get(name)
            if there is None or same_type(there.type, column.type) is False:
                raise TableThere(place=known.place, table=self.name)
            columns[name] = existing_column(column, column, known, names)
        found = replace(self.after, columns=columns)
        return _Existing(found, self.after, (already(known.place, self.name),))

    def _dropped(self) -> _Existing:
        assert self.before is not None
        known = self.around.schema.tables.get(self.name)
        if known is None:
            if gone := self.around.schema.gone.get(self.name):
                finding = already_gone(gone.place, f"the table {self.name}")
                return _Existing(None, None, (finding,))
            return _Existing(self.before, None)
        names = self.around.constraint_names
        columns = {
            name: existing_column(column, column, known, names)
            for name, column in self.before.columns.items()
            if name in known.columns
        }
        table = replace(
            self.before, columns=columns, own=tuple(own_columns(known, columns))
        )
        return _Existing(table if known.clear else self.before, None)

    def _changed(self, before: Table, after: Table) -> _Existing:
        self.around.check_not_gone(self.name)
        known = self.around.schema.tables.get(self.name)
        model = self.around.model(self.name)
        old, new = dict(before.columns), dict(after.columns)
        names = self.around.constraint_names
        findings = []
        for name in sorted(old.keys() | new.keys()):
            one, other = before.columns.get(name), after.columns.get(name)
            if one and other and shape(one) == shape(other):
                continue
            if one:
                self._check_there(one, other, known, model)
            if known is None or not known.clear:
                continue
            there = known.columns.get(name)
            if there is None and one:  # already dropped
                gone = known.gone.get(name)
                place = gone.place if gone else known.place
                findings.append(already_gone(place, f"{self.name}.{name}"))
                del old[name]
            elif there and one is None and other:
                if same_type(there.type, other.type) is False:
                    said = {"column": name, "found": there.type}
                    raise ColumnThere(place=there.place, table=self.name, **said)
                old[name] = existing_column(other, other, known, names)
                findings.append(already(there.place, f"{self.name}.{name}"))
            elif there and one:
                old[name] = existing_column(one, other or one, known, names)
                if other:
                    new[name] = changed_column(one, other, old[name])
                    findings += replaced_checks(one, other, known, names)
        return _Existing(
            replace(before, columns=old), replace(after, columns=new), tuple(findings)
        )

    def _check_there(
        self,
        column: Column,
        after: Column | None,
        known: MigratedTable | None,
        model: Model | None,
    ) -> None:
        """Raise FieldGone or FieldRenamed if the changed or removed column no longer
        exists."""
        name = column.name
        known = known if known and known.clear else None
        in_model = model is None or not model.complete or name in model.columns
        in_tables = known is None or name in known.columns
        if in_model and in_tables:
            return
        gone = known.gone.get(name) if known else None
        place = model.place if model and not in_model else self._place(known, name)
        said = {"model": self.around.model_name(self.name)}
        said |= {"column": name, "field": self.around.field_name(self.name, name)}
        renamed = gone.renamed if gone else ""
        renamed = renamed or next(self._replacing(column, known, model), "")
        if renamed:
            raise FieldRenamed(place=place, found=renamed, **said)
        if after is not None:
            raise FieldGone(place=place, **said)

    def _place(self, known: MigratedTable | None, column: str) -> Place | None:
        if known is None:
            return None
        gone = known.gone.get(column)
        return gone.place if gone else known.place

    def _replacing(
        self, column: Column, known: MigratedTable | None, model: Model | None
    ) -> Iterator[str]:
        """The columns that may be the renamed `column`: they have its type, and
        fastgen.toml does not record them."""
        if model is None or not model.complete or column.name in model.columns:
            return
        recorded = {*KNOWN, *(self.before.columns if self.before else ())}
        recorded |= {*(self.after.columns if self.after else ())}
        for name, own in model.columns.items():
            if name in recorded or own.place.path != model.place.path:
                continue
            stored = self.around.stored_type(own)
            both = known and {name, column.name} <= known.columns.keys()
            if not both and stored and same_type(stored, column.type):
                yield name
