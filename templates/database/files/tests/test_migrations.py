from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from database import alembic_config


async def test_models_and_migrations_agree(connection: AsyncConnection) -> None:
    def check(connection: Connection) -> None:
        command.check(alembic_config(connection))

    await connection.run_sync(check)


async def test_there_is_one_head(connection: AsyncConnection) -> None:
    def heads(connection: Connection) -> list[str]:
        return ScriptDirectory.from_config(alembic_config(connection)).get_heads()

    assert len(await connection.run_sync(heads)) <= 1
