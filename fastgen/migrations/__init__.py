"""Alembic migrations: read, chain, write and revert them."""
