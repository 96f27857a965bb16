"""A database of its own on a real PostgreSQL for each test that wants one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

SERVER = os.environ.get("FASTGEN_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database, which is dropped in the end."""
    name = f"fastgen_{uuid4().hex[:12]}"
    _on_server(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield f"{SERVER}/{name}"
    finally:
        _on_server(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _on_server(statement: SQL) -> None:
    reason = ""
    try:
        server = psycopg.connect(f"{SERVER}/postgres", connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
    if reason:
        pytest.fail(f"{reason}: `scripts/services.sh` starts it", pytrace=False)
    server.autocommit = True
    with server:
        server.execute(statement)
