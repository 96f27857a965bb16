"""The address of the database, whichever way a platform spells it."""

from importlib.util import find_spec

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"postgres": "asyncpg", "postgresql": "asyncpg", "sqlite": "aiosqlite"}


def database_url(value: object) -> URL:
    """`value` with the asynchronous driver in it. No message repeats its password."""
    try:
        url = make_url(str(value) if not isinstance(value, URL) else value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "this is no URL of a database, as postgresql://user:password@host/name is"
        ) from None
    backend, _, given = url.drivername.partition("+")
    driver = DRIVERS.get(backend)
    if driver is None or given not in ("", driver):
        known = ", ".join(f"{name}://" for name in DRIVERS)
        raise ValueError(f"{url.drivername}:// is none of {known}")
    if find_spec(driver) is None:
        raise ValueError(f"{backend}:// needs {driver}, which is not installed")
    if driver == "aiosqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("this names no file, as sqlite:///myapi.db does")
    if driver == "asyncpg":
        backend = "postgresql"
    return url.set(drivername=f"{backend}+{driver}")
