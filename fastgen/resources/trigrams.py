"""The trigram indexes of searched columns in migrations.

PostgreSQL alone has them, and only with its extension pg_trgm, so that models have none.
"""

from collections.abc import Iterable, Iterator

from fastgen.resources.tables import Column, Table

POSTGRESQL = 'if op.get_context().dialect.name == "postgresql":'


def index_name(table: str, column: str) -> str:
    """The name of an index. The prefix marks the indexes that models do not have."""
    return f"trgm_{table}_{column}"


def created_indexes(table: str, columns: Iterable[Column]) -> Iterator[str]:
    """The lines that create the indexes of the searched columns among `columns`.

    A server may lack the extension, or the user the right to create it. Then the search
    reads all rows.
    """
    names = [column.name for column in columns if column.search]
    if not names:
        return
    yield POSTGRESQL
    yield '    op.execute("""'
    yield "        DO $$ BEGIN"
    yield "            CREATE EXTENSION IF NOT EXISTS pg_trgm;"
    for name in names:
        yield (
            f'            CREATE INDEX {index_name(table, name)} ON "{table}"'
            f' USING gin ("{name}" gin_trgm_ops);'
        )
    yield "        EXCEPTION WHEN insufficient_privilege OR undefined_file"
    yield "            OR undefined_object OR feature_not_supported THEN"
    yield "            RAISE NOTICE 'pg_trgm is not available: search has no index';"
    yield "        END $$"
    yield '    """)'


def dropped_index(table: str, column: str) -> str:
    """The line that drops an index, if the database has it."""
    return f'op.execute("DROP INDEX IF EXISTS {index_name(table, column)}")'


def renamed_indexes(table: Table, other: Table) -> Iterator[str]:
    """The lines for PostgreSQL that rename the indexes of `table` to those of
    `other`."""
    pairs = zip(table.columns.values(), other.columns.values(), strict=True)
    for old, new in pairs:
        names = index_name(table.name, old.name), index_name(other.name, new.name)
        if old.search and names[0] != names[1]:
            yield f'op.execute("ALTER INDEX IF EXISTS {names[0]} RENAME TO {names[1]}")'
