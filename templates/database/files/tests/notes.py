"""A model for the tests of what all models share, on a metadata of its own."""

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapped, mapped_column

from myapi.db.base import Base, Record


class Note(Record):
    __tablename__ = "test_notes"
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)

    text: Mapped[str] = mapped_column(unique=True)

    @property
    def length(self) -> int:
        return len(self.text)
