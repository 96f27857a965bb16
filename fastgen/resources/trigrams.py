"""The trigram indexes of searched columns in migrations.

Only PostgreSQL has them, and only with the extension pg_trgm. Models have none.
"""

from collections.abc import Iterator

from fastgen.resources.tables import Table

POSTGRESQL = 'if op.get_context().dialect.name == "postgresql":'


def index_name(table: str, column: str) -> str:
    """The name of an index. The prefix marks the indexes that models do not have. No
    table and no column has two underscores in a row, so each index has its own name."""
    return f"trgm_{table}__{column}"


def created_indexes(table: Table, before: Table | None = None) -> Iterator[str]:
    """The lines that create the indexes of `table`, except those of `before`.

    A server may lack the extension, or the user the right to create it. Then the search
    reads all rows.
    """
    names = [*_new(table, before)]
    if not names:
        return
    yield POSTGRESQL
    yield '    op.execute("""'
    yield "        DO $$ BEGIN"
    yield "            CREATE EXTENSION IF NOT EXISTS pg_trgm;"
    for name in names:
        yield (
            f'            CREATE INDEX {index_name(table.name, name)} ON "{table.name}"'
            f' USING gin ("{name}" gin_trgm_ops);'
        )
    yield "        EXCEPTION WHEN insufficient_privilege OR undefined_file"
    yield "            OR undefined_object OR feature_not_supported THEN"
    yield "            RAISE NOTICE 'pg_trgm is not available: search has no index';"
    yield "        END $$"
    yield '    """)'


def dropped_indexes(before: Table, after: Table) -> Iterator[str]:
    """The lines that drop the indexes that `before` has and `after` has not."""
    for column in _new(before, after):
        index = index_name(before.name, column)
        yield f'op.execute("DROP INDEX IF EXISTS {index}")'


def _new(table: Table, before: Table | None) -> Iterator[str]:
    """The searched columns of `table` that are not searched in `before`."""
    known = before.columns if before else {}
    for name, column in table.columns.items():
        if column.search and not (name in known and known[name].search):
            yield name


def renamed_indexes(table: Table, other: Table) -> Iterator[str]:
    """The lines for PostgreSQL that rename the indexes of `table` to those of
    `other`."""
    pairs = zip(table.columns.values(), other.columns.values(), strict=True)
    for old, new in pairs:
        names = index_name(table.name, old.name), index_name(other.name, new.name)
        if old.search and names[0] != names[1]:
            yield f'op.execute("ALTER INDEX IF EXISTS {names[0]} RENAME TO {names[1]}")'
