"""Alembic's migrations, as texts: chained one after another, and taken back."""
