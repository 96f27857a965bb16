"""How the admin shows tables that it knows nothing of."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Column, Enum, ForeignKey, String, Table, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from starlette.requests import Request

from myapi.admin.columns import is_secret
from myapi.admin.fields import ChoiceField, KeyField, MomentField
from myapi.admin.views import TableView
from myapi.db.base import UTCDateTime


class Sample(DeclarativeBase):
    type_annotation_map = {datetime: UTCDateTime}  # noqa: RUF012


class Color(StrEnum):
    RED = "red"


labels = Table(
    "labels",
    Sample.metadata,
    Column("thing_id", ForeignKey("things.id"), primary_key=True),
    Column("label_id", ForeignKey("labels_of_things.id"), primary_key=True),
)


class Label(Sample):
    __tablename__ = "labels_of_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    things: Mapped[list["Thing"]] = relationship(
        secondary=labels, back_populates="labels", lazy="raise"
    )


class Thing(Sample):
    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(20))
    color: Mapped[Color]
    size: Mapped[str] = mapped_column(Enum("small", "large"))
    weight: Mapped[float]
    seen_at: Mapped[datetime | None]
    lasts: Mapped[timedelta | None]
    data: Mapped[dict[str, str] | None] = mapped_column(JSON)
    api_key: Mapped[str | None]
    photo: Mapped[bytes | None]
    label_id: Mapped[int] = mapped_column(ForeignKey("labels_of_things.id"))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("things.id"))

    label: Mapped[Label] = relationship(lazy="raise")
    labels: Mapped[list[Label]] = relationship(
        secondary=labels, back_populates="things", lazy="raise"
    )


class Stock(Sample):
    __tablename__ = "stocks"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    label_id: Mapped[int] = mapped_column(
        ForeignKey("labels_of_things.id"), primary_key=True
    )
    amount: Mapped[int] = mapped_column(default=0)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password_hash", True),
        ("hashed_password", True),
        ("refreshToken", True),
        ("client_secret", True),
        ("api_key", True),
        ("digest", True),
        ("hashtag", False),
        ("sort_key", False),
        ("title", False),
    ],
)
def test_a_secret_is_known_by_its_name(name: str, secret: bool) -> None:
    assert is_secret(Column(name, String)) is secret


def test_a_column_can_be_marked_as_secret() -> None:
    assert is_secret(Column("title", String, info={"secret": True}))


def test_every_type_has_a_field_and_a_key_its_relation() -> None:
    view = TableView(inspect(Thing))
    kinds = {field.name: type(field) for field in view.fields}
    assert list(kinds) == [
        *("id", "name", "color", "size", "weight", "seen_at", "lasts", "data"),
        *("label", "other_id", "labels"),
    ]
    assert kinds["color"] is kinds["size"] is ChoiceField
    assert kinds["other_id"] is KeyField
    assert kinds["seen_at"] is MomentField
    assert {field.name for field in view.fields if field.exclude_from_edit} == {
        "id",
        "lasts",
    }
    assert {field.name for field in view.fields if field.exclude_from_list} == {
        "id",
        "data",
        "labels",
    }


def test_pairs_are_edited_on_one_side() -> None:
    names = [field.name for field in TableView(inspect(Label)).fields]
    assert names == ["id", "name"]


def test_a_key_of_several_columns_is_given_once() -> None:
    view = TableView(inspect(Stock))
    assert view.is_key("fr,1")
    assert not view.is_key("fr")
    assert not view.is_key("fr,one")
    excluded = {field.name: field.exclude_from_edit for field in view.fields}
    assert excluded == {"country": True, "label_id": True, "amount": False}


class Session(Sample):
    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(primary_key=True)


class Visit(Sample):
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_token: Mapped[str] = mapped_column(ForeignKey("sessions.token"))
    session: Mapped[Session] = relationship(lazy="raise")


def test_a_secret_key_hides_its_table() -> None:
    request = Request({"type": "http"})
    assert not TableView(inspect(Session)).is_accessible(request)
    assert TableView(inspect(Visit)).is_accessible(request)
    assert [field.name for field in TableView(inspect(Visit)).fields] == ["id"]


def test_a_row_that_needs_a_secret_is_not_made_here() -> None:
    request = Request({"type": "http"})
    assert not TableView(inspect(Visit)).can_create(request)
    assert TableView(inspect(Thing)).can_create(request)
