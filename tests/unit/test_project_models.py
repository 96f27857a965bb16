"""What is read of the models of a project, which are not imported."""

import pytest

from fastgen.migrations.column_types import same_type
from fastgen.migrations.own_columns import migrated_column
from fastgen.migrations.project_models import ProjectModels
from fastgen.resources.constraint_names import ConstraintNames
from fastgen.resources.tables import ForeignKey
from fastgen.tree import File

MIXINS = """
from datetime import datetime
import sqlalchemy as sa
from sqlalchemy.orm import Mapped as M, declared_attr, mapped_column, relationship

class Deletable:
    deleted_at: Mapped[
        datetime
        | None
    ] = mapped_column(
        sa.DateTime(timezone=True),
        index=True,
    )

class Owned:
    @declared_attr
    def tenant_id(cls) -> Mapped["UUID"]:
        return mapped_column(sa.ForeignKey("tenants.id", ondelete="CASCADE"))
"""
MODELS = """
from .db import mixins
from shop.db.mixins import Owned as Rented

class Product(mixins.Deletable, Rented, Base):
    __tablename__ = "products"
    title: Mapped[str] = mapped_column("name", sa.String(80), unique=True)
    note = mapped_column(sa.Text, nullable=False, server_default="none")
    tags: Mapped[list["Tag"]] = relationship()
    total: ClassVar[int] = 0
"""
FIELDS = """
class Record(SQLModel):
    id: UUID = Field(primary_key=True)

class Tag(Record, table=True):
    __tablename__ = "tags"
    label: str = Field(max_length=20, index=True)
    owner_id: UUID | None = Field(None, foreign_key="users.id", ondelete="SET NULL")
    owner: "User" = Relationship()
"""


def models(**texts: str) -> ProjectModels:
    files = {
        f"src/shop/{path.replace('__', '/')}.py": File(text.encode())
        for path, text in texts.items()
    }
    return ProjectModels(files)


def test_columns_of_mixins_and_under_other_names_are_columns() -> None:
    found = models(db__mixins=MIXINS, models=MODELS)
    product = found.of_table("products")
    assert product is not None
    assert product.columns.keys() == {"deleted_at", "tenant_id", "name", "note"}
    stored = {n: migrated_column(c, found) for n, c in product.columns.items()}
    types = {n: c.type for n, c in stored.items() if c}
    assert types == {
        "deleted_at": "sa.DateTime(timezone=True)",
        "tenant_id": "sa.Uuid()",
        "name": "sa.String(80)",
        "note": "sa.Text()",
    }
    owner, deleted, note = (stored[n] for n in ("tenant_id", "deleted_at", "note"))
    assert owner
    assert (owner.key, owner.nullable) == (ForeignKey("tenants", "CASCADE"), False)
    assert deleted
    assert (deleted.index, deleted.nullable) == (("deleted_at",), True)
    assert note
    assert (note.nullable, note.server_default) == (False, "'none'")


def test_fields_of_sqlmodel_are_columns() -> None:
    found = models(models=FIELDS)
    tag = found.of_resource("Tag", "labels")
    assert tag is not None
    assert (tag.table, tag.complete) == ("tags", True)
    assert tag.columns.keys() == {"id", "label", "owner_id"}
    label = migrated_column(tag.columns["label"], found)
    assert label
    assert (label.type, label.index) == ("sa.String(length=20)", ("label",))


@pytest.mark.parametrize(
    "text",
    [
        "from elsewhere import Mixin\nclass A(Mixin):\n    __tablename__ = 'as'",
        "class A(make_base()):\n    __tablename__ = 'as'",
    ],
)
def test_a_base_class_of_others_may_have_more_columns(text: str) -> None:
    found = models(models=text).of_table("as")
    assert found
    assert not found.complete


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sa.String(length=20)", "sqlmodel.AutoString(20)", True),
        ("sa.String(20)", "sa.VARCHAR(length=21)", False),
        ("sa.Double()", "sa.Float(precision=53)", True),
        ("sa.Integer()", "sa.BigInteger()", False),
        ("shop.types.Odd()", "sa.Text()", None),
    ],
)
def test_types_are_compared_as_a_database_sees_them(
    one: str, other: str, same: bool | None
) -> None:
    assert same_type(one, other) is same


def test_constraints_are_named_by_the_convention_of_the_project() -> None:
    names = ConstraintNames({"uq": "%(column_0_name)s_of_%(table_name)s_key"})
    assert names.name("uq", "tags", ("label",)) == "label_of_tags_key"
    assert names.name("fk", "tags", ("a_id",), "as") == "fk_tags_a_id_as"
