"""Tables and columns in migrations that neither models nor fastgen.toml have."""

from collections.abc import Collection, Iterator, Mapping

from fastgen.migrations.chain import History
from fastgen.migrations.project_models import ProjectModels
from fastgen.migrations.replay import schema_of
from fastgen.migrations.schema import MigratedColumn, MigratedTable, Place
from fastgen.plan import Finding, Severity

_MADE = '"""Makes '
"""The start of fastgen's migrations for new tables."""

_ADVICE = "; delete this migration if you discarded its change"


def stray_findings(
    past: History,
    models: ProjectModels,
    recorded: Mapping[str, Collection[str]],
    kept: Collection[str],
    dialect: str,
) -> Iterator[Finding]:
    """Warnings about columns that their model lacks, and about tables created by
    fastgen without a model.

    `recorded` are the columns in fastgen.toml, by table. `kept` are the tables of
    removed modules and resources. `dialect` is the database's dialect.
    """
    schema = schema_of(past, dialect, models)
    made = {s.path for s in past.scripts.values() if s.text.startswith(_MADE)}
    if not schema.clear:
        return
    for table in schema.tables.values():
        if table.name in kept or not table.clear:
            continue
        if table.name not in models.tables:
            if table.place.path in made and not models.mentions(table.name):
                message = f"makes the table {table.name}, which no model has{_ADVICE}"
                yield _warning(table.place, message)
        else:
            for column in _unknown_columns(table, models):
                if column.name in recorded.get(table.name, ()):
                    continue
                name = f"{table.name}.{column.name}"
                message = f"makes the column {name}, which no model has{_ADVICE}"
                yield _warning(column.place, message)


def _unknown_columns(
    table: MigratedTable, models: ProjectModels
) -> Iterator[MigratedColumn]:
    model = models.of_table(table.name)
    if model and model.complete:
        for name, column in table.columns.items():
            if name not in model.columns:
                yield column


def _warning(place: Place, message: str) -> Finding:
    return Finding(Severity.WARNING, place.path, message, place.line)
