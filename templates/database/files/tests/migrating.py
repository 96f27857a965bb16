from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from scratch_database import ROOT


def alembic_config(connection: Connection) -> Config:
    """With it, a command of Alembic works on `connection`."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def migrate(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")
