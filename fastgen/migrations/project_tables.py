"""The tables of a project, according to its migrations and models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fastgen.migrations.chain import History
from fastgen.migrations.existing_checks import with_full_names
from fastgen.migrations.model_columns import ModelColumn
from fastgen.migrations.own_columns import migrated_column
from fastgen.migrations.project_models import Model, ProjectModels
from fastgen.migrations.refusals import TableGone, TableTaken
from fastgen.migrations.replay import schema_of
from fastgen.migrations.schema import Schema
from fastgen.plan import Finding, Severity
from fastgen.resources.constraint_names import (
    CONVENTION,
    ConstraintNames,
    RuleKey,
    is_known_convention,
)
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import STAMPS, Column, Table

_CALLED = {"ux": "ix"}
"""The kind of a rule in naming conventions, where it differs."""

_TYPICAL = ("id", *STAMPS)


@dataclass(frozen=True)
class ProjectTables:
    """The project context of a migration."""

    schema: Schema = field(default_factory=Schema)
    models: ProjectModels = field(default_factory=ProjectModels)
    """The user's models, including files that the change creates."""
    resources: Mapping[str, ResourceSpec] = field(default_factory=dict)
    """The resources by table."""
    new_files: frozenset[str] = frozenset()
    """The paths of files that the change creates."""

    def with_names(self, names: Mapping[str, str]) -> "ProjectTables":
        """The tables with the user's names."""
        named = {names.get(table, table): r for table, r in self.resources.items()}
        return replace(self, resources=named)

    def model(self, table: str) -> Model | None:
        """The model of the resource with the table `table`; None without one."""
        resource = self.resources.get(table)
        return self.models.of_resource(resource.name, table) if resource else None

    def check_not_gone(self, table: str) -> None:
        """Raise TableGone if a migration dropped `table`."""
        gone = self.schema.gone.get(table)
        if gone and table not in self.schema.tables:
            model = self.model_name(table)
            raise TableGone(place=gone.place, table=table, model=model)

    def check_free(self, table: str) -> None:
        """Raise TableTaken if a model that the change does not create has `table`."""
        for model in self.models.all_of_table(table):
            if model.place.path not in self.new_files:
                said = {"model": model.name, "table": table}
                raise TableTaken(place=model.table_place, **said)

    def model_name(self, table: str) -> str:
        return self.resources[table].name if table in self.resources else table

    def field_name(self, table: str, column: str) -> str:
        """The resource field that is stored in `column`, else `column`."""
        resource = self.resources.get(table)
        fields = resource.columns if resource else ()
        return next((f.name for f in fields if f.column == column), column)

    def stored_type(self, column: ModelColumn) -> str:
        """The type of the column in a migration; empty if unknown."""
        found = migrated_column(column, self.models)
        return found.type if found else ""

    @property
    def constraint_names(self) -> ConstraintNames:
        """The names of constraints in the migrations, and the project's convention."""
        existing: dict[RuleKey, str] = {
            (
                _CALLED.get(rule.kind, rule.kind),
                table.name,
                (rule.condition,) if rule.kind == "ck" else rule.columns,
            ): rule.name
            for table in self.schema.tables.values()
            for rule in table.rules
            if rule.name
        }
        known = [c for c, _ in self.models.naming_conventions if c]
        usable = len(known) == 1 and is_known_convention(known[0])
        prefixes = {
            (model.table if model else None) or table: resource.plural
            for table, resource in self.resources.items()
            for model in [self.model(table)]
        }
        return ConstraintNames(known[0] if usable else CONVENTION, existing, prefixes)

    def convention_findings(self) -> Iterator[Finding]:
        """A warning about a naming convention that cannot be read."""
        found = self.models.naming_conventions
        if len(found) == 1 and not (found[0][0] and is_known_convention(found[0][0])):
            place = found[0][1]
            message = (
                "this naming convention cannot be read, so the migration has the names"
                " of fastgen's: compare them with `make migration`"
            )
            yield Finding(Severity.WARNING, place.path, message, place.line)

    def with_own_columns(self, table: Table) -> tuple[Table, tuple[Finding, ...]]:
        """The new `table` with columns that its model inherits from the user's classes,
        and warnings about columns that cannot be read exactly."""
        model = self.models.of_table(table.name)
        if model is None or table.pairs:
            return table, ()
        own: list[Column] = []
        findings: list[Finding] = []
        for column in model.columns.values():
            if column.name in table.columns or column.name in _TYPICAL:
                continue
            found = migrated_column(column, self.models)
            if found:
                own.append(found)
            else:
                findings.append(left_out(column, table.name))
        stamps = tuple(s for s in table.stamps if s in model.columns)
        stamps = stamps if model.complete else table.stamps
        return replace(table, own=tuple(own), stamps=stamps), tuple(findings)


def left_out(column: ModelColumn, table: str) -> Finding:
    """A warning about a column that no migration creates."""
    message = (
        f"the migration of {table} does not make the column {column.name}: run `make"
        " migration` for it afterwards"
    )
    return Finding(Severity.WARNING, column.place.path, message, column.place.line)


def project_tables(
    past: History,
    models: ProjectModels,
    resources: Mapping[str, ResourceSpec],
    new_files: frozenset[str],
    dialect: str,
) -> ProjectTables:
    """The tables of a project whose database has the migrations `past` and the dialect
    `dialect`."""
    schema = schema_of(past, dialect, models)
    found = ProjectTables(schema, models, resources, new_files)
    return replace(found, schema=with_full_names(schema, found.constraint_names))
