"""Two migrations of a project whose tables are read: the first makes two tables, and
the second one does what a test says."""

from textwrap import dedent, indent

from fastgen.migrations.chain import history
from fastgen.migrations.project_models import ProjectModels
from fastgen.migrations.replay import schema_of
from fastgen.migrations.schema import Schema
from fastgen.tree import File

FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "a"
down_revision = None
NAME = "tags"

def upgrade():
    op.create_table(
        NAME,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("label", sa.String(20), nullable=False, unique=True),
        sa.UniqueConstraint("label", name=op.f("one_label")),
    )
    with op.batch_alter_table("tags") as batch:
        batch.add_column(sa.Column("size", sa.Integer()))
        batch.alter_column("label", new_column_name="name", type_=sa.Text())
        batch.create_index("by_size", ["size"])
    op.create_table("users", sa.Column("id", sa.Uuid(), primary_key=True))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
from shop import helpers
from shop.helpers import add_stamps
revision = "b"
down_revision = "a"
TAGS, COLUMNS = "tags", ["size"]
STAMPS = {{"made": sa.Date(), "sent": sa.Date()}}
{module}

def upgrade():
{body}
"""


def replayed(
    body: str = "pass", module: str = "", dialect: str = "", **code: str
) -> Schema:
    """The tables after FIRST and a migration with `body` as its upgrade. `code` are
    modules of the package `shop`, by name."""
    body = indent(dedent(body).strip(), "    ")
    second = SECOND.format(body=body, module=dedent(module))
    texts = {"versions/a.py": FIRST, "versions/b.py": second}
    files = {path: File(text.encode()) for path, text in texts.items()}
    modules = {f"src/shop/{n}.py": File(text.encode()) for n, text in code.items()}
    return schema_of(history("", files), dialect, ProjectModels(modules))
