"""A model for the tests of what all models share, on a metadata of its own."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import Field

from myapi.db.base import Base, Record


class Note(Record, table=True):
    __tablename__ = "test_notes"
    metadata: ClassVar = MetaData(naming_convention=Base.metadata.naming_convention)

    text: str = Field(unique=True)

    @property
    def length(self) -> int:
        return len(self.text)
