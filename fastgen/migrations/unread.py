"""Unreadable statements of the project's migrations about tables that a new migration
changes."""

from collections.abc import Collection, Iterator, Sequence

from fastgen.migrations.schema import Place, Schema
from fastgen.phrases import with_noun
from fastgen.plan import Finding, Severity


def unread_findings(before: Schema, after: Schema) -> Iterator[Finding]:
    """A warning about each statement that may change a table that differs between
    `before` and `after`."""
    tables: dict[Place, list[str]] = {}
    for name in sorted(_changed(before, after)):
        for place in before.unread_places(name):
            tables.setdefault(place, []).append(name)
    for place, names in tables.items():
        yield Finding(Severity.WARNING, place.path, _message(names), place.line)


def _changed(before: Schema, after: Schema) -> Collection[str]:
    """The names of tables that differ between the schemas, including dropped tables."""
    return {
        name
        for name in before.tables.keys() | after.tables.keys() | after.gone.keys()
        if before.tables.get(name) != after.tables.get(name)
        or before.gone.get(name) != after.gone.get(name)
    }


def _message(tables: Sequence[str]) -> str:
    return (
        f"fastgen cannot read this statement, which may change the"
        f" {with_noun('table', tables)}: check the new migration against it"
    )
