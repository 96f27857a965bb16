"""Alembic's migrations: read, chained, written, taken back."""
