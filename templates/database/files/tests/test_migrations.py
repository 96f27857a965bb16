from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from database import SETTINGS
from migrating import alembic_config
from myapi.db.engine import connect, create_engine
from myapi.db.settings import DatabaseSettings

pytestmark = pytest.mark.slow

MIGRATION = """
from alembic import op

revision = "{number}"
down_revision = {previous}


def upgrade() -> None:
    for statement in {statements}:
        if statement == "MAKE users ANEW":
            with op.batch_alter_table("users", recreate="always"):
                pass
        else:
            op.execute(statement)
"""


async def test_models_and_migrations_agree(connection: AsyncConnection) -> None:
    await connection.run_sync(lambda c: command.check(alembic_config(c)))


async def test_no_two_migrations_follow_the_same_one(
    connection: AsyncConnection,
) -> None:
    config = await connection.run_sync(alembic_config)
    assert len(ScriptDirectory.from_config(config).get_heads()) <= 1


async def test_the_start_in_development_names_the_migrations_that_are_missing(
    connection: AsyncConnection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = await connection.run_sync(alembic_config)
    newest = ScriptDirectory.from_config(config).get_heads()

    async def logged_at_start(settings: DatabaseSettings) -> str:
        capsys.readouterr()
        async with connect(settings, reading=True, developing=True):
            return capsys.readouterr().out

    empty = DatabaseSettings(url=f"sqlite:///{tmp_path}/new.db")
    output = await logged_at_start(empty)
    assert len(output.splitlines()) == len(newest)
    assert all(name in output for name in newest)
    assert await logged_at_start(SETTINGS) == ""

    missing = DatabaseSettings(url=f"sqlite:///{tmp_path}/missing/new.db")
    (line,) = (await logged_at_start(missing)).splitlines()
    assert "database unavailable" in line


async def test_all_migrations_can_be_taken_back(connection: AsyncConnection) -> None:
    def tables(connection: Connection) -> set[str]:
        return {*inspect(connection).get_table_names()} - {"alembic_version"}

    def down_and_up(connection: Connection) -> None:
        config = alembic_config(connection)
        before = tables(connection)
        command.downgrade(config, "base")
        assert tables(connection) == set()
        command.upgrade(config, "head")
        assert tables(connection) == before

    await connection.run_sync(down_and_up)


async def test_a_migration_that_fails_half_way_leaves_no_trace(tmp_path: Path) -> None:
    write_migrations(
        tmp_path,
        ["CREATE TABLE users (id INTEGER)"],
        ["CREATE TABLE items (id INTEGER)", "CREATE nonsense"],
    )
    with pytest.raises(OperationalError):
        await upgrade(tmp_path)
    assert await found(tmp_path, "SELECT version_num FROM alembic_version") == ["1"]
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    assert await found(tmp_path, tables) == ["alembic_version", "users"]


async def test_rows_outlive_a_change_of_the_table_that_they_refer_to(
    tmp_path: Path,
) -> None:
    write_migrations(
        tmp_path,
        [
            "CREATE TABLE users (id INTEGER PRIMARY KEY)",
            "CREATE TABLE items (owner INTEGER REFERENCES users ON DELETE CASCADE)",
            "INSERT INTO users VALUES (7)",
            "INSERT INTO items VALUES (7)",
        ],
        ["MAKE users ANEW"],
    )
    await upgrade(tmp_path)
    assert await found(tmp_path, "SELECT owner FROM items") == [7]


def write_migrations(folder: Path, *migrations: list[str]) -> None:
    """For a SQLite file in `folder`."""
    for number, statements in enumerate(migrations, start=1):
        previous = repr(str(number - 1)) if number > 1 else None
        migration = MIGRATION.format(
            number=number, previous=previous, statements=statements
        )
        (folder / f"{number}.py").write_text(migration)


async def upgrade(folder: Path) -> None:
    def run(connection: Connection) -> None:
        config = alembic_config(connection)
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", str(folder))
        command.upgrade(config, "head")

    engine = create_engine(DatabaseSettings(url=f"sqlite:///{folder}/test.db"))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


async def found(folder: Path, query: str) -> list[object]:
    engine = create_engine(DatabaseSettings(url=f"sqlite:///{folder}/test.db"))
    async with engine.connect() as connection:
        rows = list(await connection.scalars(text(query)))
    await engine.dispose()
    return rows
