from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shop.auth.models import User
from shop.db.base import Base, Record
from sqlmodel import Field, Relationship


class Kind(StrEnum):
    BOOK = "book"
    GAME = "game"


class Label(Base, table=True):
    __tablename__ = "labels"

    product_id: UUID = Field(foreign_key="products.id", primary_key=True)
    tag_id: int = Field(foreign_key="tags.id", primary_key=True)


class Tag(Base, table=True):
    __tablename__ = "tags"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=20, unique=True)


class Product(Record, table=True):
    __tablename__ = "products"

    title: str = Field(max_length=50, unique=True)
    kind: Kind
    price: Decimal = Field(max_digits=10, decimal_places=2)
    weight: float | None = None
    text: str | None = None
    supplier_secret: str | None = None
    owner_id: UUID | None = Field(default=None, foreign_key="users.id")

    owner: User | None = Relationship()
    tags: list[Tag] = Relationship(link_model=Label)


class Stock(Base, table=True):
    __tablename__ = "stocks"

    country: str = Field(max_length=2, primary_key=True)
    tag_id: int = Field(foreign_key="tags.id", primary_key=True)
    count: int = 0
