"""Parts of things."""

from alembic import op

revision: str = "alpha_parts"
down_revision: str | None = "alpha_things"


def upgrade() -> None:
    op.execute("CREATE TABLE parts (id INTEGER)")


def downgrade() -> None:
    op.execute("DROP TABLE parts")
