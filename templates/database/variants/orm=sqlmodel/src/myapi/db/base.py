from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import MetaData, func
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlmodel import Field, SQLModel, UTCDateTime
from uuid_utils.compat import uuid7

from myapi.db.functions import gen_random_uuid

__all__ = ["Base", "Record", "UTCDateTime", "utc_now"]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Base(AsyncAttrs, SQLModel):
    """Named constraints, so that a migration can drop them again."""

    metadata: ClassVar = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Record(Base):
    """A row with a time-ordered key, which makes keyset pagination a range scan.

    A model with `table=True` does not validate: what comes from outside goes through
    a schema first. The defaults of the server are for rows that SQL inserts without
    these columns.
    """

    id: UUID = Field(
        default_factory=uuid7,
        primary_key=True,
        sa_column_kwargs={"server_default": gen_random_uuid()},
    )
    created_at: datetime = Field(
        default_factory=utc_now, sa_column_kwargs={"server_default": func.now()}
    )
    updated_at: datetime = Field(
        default_factory=utc_now,
        sa_column_kwargs={"onupdate": utc_now, "server_default": func.now()},
    )
