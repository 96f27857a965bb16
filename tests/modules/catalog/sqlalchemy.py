from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shop.auth.models import User
from shop.db.base import Base, Record
from sqlalchemy import Column, ForeignKey, Numeric, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Kind(StrEnum):
    BOOK = "book"
    GAME = "game"


labels = Table(
    "labels",
    Base.metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Product(Record):
    __tablename__ = "products"

    title: Mapped[str] = mapped_column(String(50), unique=True)
    kind: Mapped[Kind]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    weight: Mapped[float | None]
    text: Mapped[str | None] = mapped_column(Text)
    supplier_secret: Mapped[str | None] = mapped_column(String(50))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    owner: Mapped[User | None] = relationship(lazy="raise")
    tags: Mapped[list[Tag]] = relationship(secondary=labels, lazy="raise")


class Stock(Base):
    __tablename__ = "stocks"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
