import logging
from pathlib import Path

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger(__name__)


async def warn_of_missing_migrations(engine: AsyncEngine) -> None:
    """Log one line if the database does not have the newest migrations."""
    try:
        async with engine.connect() as connection:
            missing = await connection.run_sync(missing_migrations)
    except SQLAlchemyError as error:
        log.warning("database unavailable", error=str(error).splitlines()[0])
        return
    if missing:
        hint = "run `make migrate`"
        log.warning("the database lacks migrations", missing=missing, hint=hint)


def missing_migrations(connection: Connection) -> list[str]:
    # Alembic is imported only here: a server in production has no use for it.
    logging.getLogger("alembic.runtime").setLevel(logging.WARNING)
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    folder = Path(__file__).with_name("migrations")
    newest = ScriptDirectory(str(folder)).get_heads()
    applied = MigrationContext.configure(connection).get_current_heads()
    return sorted({*newest} - {*applied})
