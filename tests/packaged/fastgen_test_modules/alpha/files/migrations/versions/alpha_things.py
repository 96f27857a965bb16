"""Things."""

from alembic import op

revision: str = "alpha_things"
down_revision: str | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE things (id INTEGER)")


def downgrade() -> None:
    op.execute("DROP TABLE things")
