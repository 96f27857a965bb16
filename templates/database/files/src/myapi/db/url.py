"""The URL of the database, however a platform writes it."""

import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"postgres": "asyncpg", "postgresql": "asyncpg", "sqlite": "aiosqlite"}

# The parameters that a URL may have.
SQLITE = frozenset({"cache", "immutable", "mode", "nolock", "uri", "vfs"})
SSL_FILES = frozenset({"sslrootcert", "sslcert", "sslkey", "sslcrl"})
READ_BY_SQLALCHEMY = frozenset({"host", "port"})
READ_BY_ASYNCPG = frozenset(
    {"application_name", "options", "passfile", "search_path", "target_session_attrs"}
    | {"sslmode", "sslnegotiation", "sslpassword"}
    | SSL_FILES
    | {"ssl_max_protocol_version", "ssl_min_protocol_version"}
)
CACHE_SIZES = frozenset({"prepared_statement_cache_size", "statement_cache_size"})
TIMEOUTS = {"connect_timeout": "timeout", "command_timeout": "command_timeout"}
NUMBERS = CACHE_SIZES | TIMEOUTS.keys()
CONVERTED = frozenset({"pgbouncer"}) | NUMBERS
# asyncpg has neither channel binding, GSSAPI encryption nor settings of keepalives, and
# always speaks UTF-8; Vercel adds `supa`.
WITHOUT_EFFECT = frozenset(
    {"channel_binding", "client_encoding", "gssencmode", "sslcompression", "supa"}
    | {"keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"}
)
DRIVER_PARAMETERS = READ_BY_ASYNCPG | CONVERTED | WITHOUT_EFFECT
# The parts of a URL that libpq takes as parameters, too.
PARTS = {"user": "username", "password": "password", "dbname": "database"}
POSTGRESQL = READ_BY_SQLALCHEMY | DRIVER_PARAMETERS | PARTS.keys()

TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
CHOICES = {
    "pgbouncer": ("true", "false"),
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("postgres", "direct"),
    "ssl_max_protocol_version": TLS_VERSIONS,
    "ssl_min_protocol_version": TLS_VERSIONS,
    "target_session_attrs": (
        *("any", "primary", "standby"),
        *("prefer-standby", "read-write", "read-only"),
    ),
}


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
    if driver == "aiosqlite":
        check_parameters(url, SQLITE)
        return url.set(drivername="sqlite+aiosqlite")
    if mode := url.query.get("ssl"):  # how SQLAlchemy's documentation spells it
        url = url.difference_update_query(["ssl"])
        url = url.update_query_dict({"sslmode": mode}, append=True)
    check_parameters(url, POSTGRESQL)
    parts: dict[str, Any] = {
        PARTS[name]: url.query[name] for name in PARTS & url.query.keys()
    }
    url = url.difference_update_query(PARTS)
    return url.set(drivername="postgresql+asyncpg", **parts)


def check_parameters(url: URL, known: frozenset[str]) -> None:
    for name, value in url.query.items():
        if name not in known:
            names = ", ".join(sorted(known))
            raise ValueError(f"unknown parameter {name!r}, known are {names}")
        if not isinstance(value, str) and name not in READ_BY_SQLALCHEMY:
            raise ValueError(f"{name} is given twice")
    parameters = {name: str(value) for name, value in url.query.items()}
    mode, root = parameters.get("sslmode", ""), parameters.get("sslrootcert")
    for name, choices in CHOICES.items():
        if parameters.get(name, choices[0]) not in choices:
            raise ValueError(f"{name} is none of {', '.join(choices)}")
    if mode.startswith("verify-") and root is None:
        raise ValueError(f"sslmode={mode} needs sslrootcert, a file or `system`")
    if root == "system" and mode != "verify-full":
        raise ValueError("sslrootcert=system needs sslmode=verify-full")
    for name in SSL_FILES & parameters.keys():
        file = parameters[name]
        is_system = name == "sslrootcert" and file == "system"
        if not is_system and not Path(file).is_file():
            raise ValueError(f"{name}: there is no file {file}")
    for name in sorted(NUMBERS & parameters.keys()):
        if not parameters[name].isdecimal():
            raise ValueError(f"{name} is no whole number")


def asyncpg_arguments(url: URL) -> dict[str, Any]:
    """What the parameters of `url` are for asyncpg.

    It reads those of libpq as libpq does, but only in a DSN.
    """
    given = {name: str(value) for name, value in url.query.items()}
    dsn = {"application_name": "myapi"}
    dsn |= {name: given[name] for name in READ_BY_ASYNCPG & given.keys()}
    arguments: dict[str, Any] = {
        "dsn": f"postgresql://?{urlencode(dsn, quote_via=quote)}"
    }
    if dsn.get("sslrootcert") == "system":
        arguments["ssl"] = ssl.create_default_context()
    arguments |= {name: int(given[name]) for name in CACHE_SIZES & given.keys()}
    for name, argument in TIMEOUTS.items():
        if name in given:
            arguments[argument] = float(given[name]) or None
    if given.get("pgbouncer") == "true":
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"__asyncpg_{uuid4()}__",
        }
    return arguments
