"""A migration does not wait for long on PostgreSQL, since readers wait behind it."""

import psycopg
import pytest

from .commands import fastgen
from .conftest import Make
from .database import at


@pytest.mark.slow
@pytest.mark.matrix
def test_a_migration_that_waits_for_a_lock_fails_soon(
    make: Make, postgres: str
) -> None:
    options = ("--set", "database.engine=postgres")
    project, query = at(
        make("shop", "--with", "database", *options), "postgres", postgres
    )
    fastgen("generate", "resource", "Tag", "name:str", folder=project.root)
    project.migrate()
    fastgen("generate", "field", "Tag", "size:int:default=1", folder=project.root)
    impatient = project.with_variables(DATABASE_LOCK_TIMEOUT="0.2")
    with psycopg.connect(postgres) as reader:
        reader.execute("SELECT * FROM tags")
        with pytest.raises(AssertionError, match="canceling statement due to lock"):
            impatient.migrate()
    impatient.migrate()
    assert query("SELECT size FROM tags") == []
