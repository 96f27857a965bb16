"""The tables of the generated application, as minimal SQLAlchemy models."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Numeric
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        Decimal: Numeric(10, 2),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class User(Base):
    __tablename__ = "users"

    email: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    is_active: Mapped[bool]
    email_verified_at: Mapped[datetime | None]


class Login(Base):
    __tablename__ = "logins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    user_agent: Mapped[str]
    last_used_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Product(Base):
    __tablename__ = "products"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    price: Mapped[Decimal]
    sku: Mapped[str]
    stock: Mapped[int]
