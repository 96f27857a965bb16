from importlib.util import find_spec
from typing import Annotated

from pydantic import BaseModel, PlainValidator
from pydantic_settings import NoDecode
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"postgresql": "asyncpg", "postgres": "asyncpg", "sqlite": "aiosqlite"}


def database_url(value: str | URL) -> URL:
    """With the async driver in it, whichever way the platform spells the address."""
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "not the URL of a database, such as postgresql://user:password@host/name"
        ) from None
    backend, _, driver = url.drivername.partition("+")
    expected = DRIVERS.get(backend)
    if expected is None or driver not in ("", expected):
        known = ", ".join(f"{name}://" for name in sorted(DRIVERS))
        raise ValueError(f"{url.drivername}:// is none of {known}")
    if find_spec(expected) is None:
        raise ValueError(f"{backend}:// needs the package {expected}: install it")
    if expected == "aiosqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("it names no file: sqlite:///myapi.db is one")
    backend = "postgresql" if expected == "asyncpg" else backend
    return url.set(drivername=f"{backend}+{expected}")


class DatabaseSettings(BaseModel):
    url: Annotated[URL, NoDecode, PlainValidator(database_url)] = database_url(
        "sqlite:///myapi.db"
    )
    echo: bool = False
    # Connections kept open, and more of them while there is a rush.
    pool_size: int = 10
    max_overflow: int = 10
    # Seconds after which a request is answered with 503 instead.
    connect_timeout: float = 3
    pool_timeout: float = 5
