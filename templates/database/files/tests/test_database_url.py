import ssl

import pytest
from sqlalchemy import String, literal_column, select
from sqlalchemy.exc import OperationalError

from database import SETTINGS
from myapi.db.engine import create_engine
from myapi.db.settings import DatabaseSettings
from myapi.db.url import asyncpg_arguments, database_url
from myapi.settings import get_settings
from scratch_database import refuse_development


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://h/d", "postgresql+asyncpg"),
        ("postgresql://h/d", "postgresql+asyncpg"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg"),
        ("sqlite:///d.db", "sqlite+aiosqlite"),
    ],
)
def test_plain_addresses_get_their_driver(given: str, driver: str) -> None:
    assert database_url(given).drivername == driver


@pytest.mark.parametrize(
    ("parameters", "dsn"),
    [
        ("", "application_name=myapi"),
        ("application_name=jobs%20a", "application_name=jobs%20a"),
        (
            "sslmode=require&channel_binding=require",
            "application_name=myapi&sslmode=require",
        ),
        (
            "options=endpoint%3Dep-1&target_session_attrs=read-write",
            "application_name=myapi&options=endpoint%3Dep-1"
            "&target_session_attrs=read-write",
        ),
        ("pgbouncer=true&supa=base-pooler.x", "application_name=myapi"),
        ("ssl=require", "application_name=myapi&sslmode=require"),
        (
            "keepalives=1&keepalives_idle=30&sslcompression=0&client_encoding=utf8",
            "application_name=myapi",
        ),
    ],
)
def test_parameters_of_platforms_are_those_of_asyncpg(
    parameters: str, dsn: str
) -> None:
    url = database_url(f"postgresql://h/d?{parameters}")
    given = asyncpg_arguments(url)["dsn"].removeprefix("postgresql://?")
    assert sorted(given.split("&")) == sorted(dsn.split("&"))


def test_a_url_says_how_long_to_wait_and_that_nothing_may_be_prepared() -> None:
    url = database_url("postgresql://h/d?connect_timeout=7&pgbouncer=true")
    arguments = asyncpg_arguments(url)
    assert arguments["timeout"] == 7
    assert arguments["statement_cache_size"] == 0
    assert "timeout" not in asyncpg_arguments(database_url("postgresql://h/d"))


def test_a_url_says_how_much_asyncpg_keeps_and_how_long_a_statement_takes() -> None:
    sizes = "statement_cache_size=0&prepared_statement_cache_size=5"
    url = database_url(f"postgresql://h/d?{sizes}&command_timeout=30")
    arguments = asyncpg_arguments(url)
    assert arguments["statement_cache_size"] == 0
    assert arguments["prepared_statement_cache_size"] == 5
    assert arguments["command_timeout"] == 30


def test_user_password_and_database_can_be_parameters() -> None:
    url = database_url("postgresql://h?user=u&password=secret&dbname=d")
    assert url == database_url("postgresql://u:secret@h/d")


def test_certificates_are_compared_with_those_of_the_system() -> None:
    url = "postgresql://h/d?sslmode=verify-full&sslrootcert=system"
    context = asyncpg_arguments(database_url(url))["ssl"]
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "postgresql",
        "user:secret@host/name",
        "postgresql://user:secret@host:port/name",
        "mysql://user:secret@host/name",
        "postgresql+psycopg://user:secret@host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a.db?password=secret",
        "postgresql://user:secret@host/name?sslmod=require",
        "postgresql://user:secret@host/name?sslmode=on",
        "postgresql://user:secret@host/name?sslmode=require&sslmode=prefer",
        "postgresql://user:secret@host/name?sslmode=verify-full",
        "postgresql://user:secret@host/name?sslmode=require&sslrootcert=system",
        "postgresql://user:secret@host/name?sslmode=verify-ca&sslrootcert=/no/file",
        "postgresql://user:secret@host/name?connect_timeout=soon",
        "postgresql://user:secret@host/name?statement_cache_size=few",
        "postgresql://user:secret@host/name?ssl=true",
        "postgresql://user:secret@host/name?ssl=require&sslmode=prefer",
        "postgresql://user:secret@host/name?pgbouncer=yes",
        "postgresql://user:secret@host/name?sslmode=require&sslcert=system",
        "postgresql://user:secret@host/name?target_session_attrs=writable",
        "postgresql://user:secret@host/name?sslnegotiation=never",
        "postgresql://user:secret@host/name?ssl_min_protocol_version=1.2",
    ],
)
def test_a_wrong_address_ends_the_process_with_one_line(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", wrong)
    with pytest.raises(SystemExit) as ended:
        get_settings.__wrapped__()
    (line,) = str(ended.value).splitlines()
    assert "DATABASE_URL" in line
    assert "secret" not in line


def test_the_password_is_not_shown() -> None:
    settings = DatabaseSettings(url="postgresql://user:secret@host/name")
    assert "secret" not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    ("test", "development"),
    [
        ("postgresql://localhost/d", "postgres://LOCALHOST:5432/d"),
        ("postgresql://u:p@127.0.0.1/d", "postgresql+asyncpg://v@localhost:5432/d"),
        ("postgresql://db.example/d", "postgresql://db.example.:5432/d"),
        ("postgresql:///d", "postgresql://localhost/d"),
        ("postgresql:///d", "postgresql:///d?host=127.0.0.1"),
        ("sqlite:///a.db", "sqlite+aiosqlite:///./b/../a.db"),
    ],
)
def test_the_database_of_development_is_refused(test: str, development: str) -> None:
    with pytest.raises(SystemExit, match="database of development"):
        refuse_development(database_url(test), [database_url(development)])


@pytest.mark.parametrize(
    "development",
    [
        "postgresql://localhost/d2",
        "postgresql://localhost:5433/d",
        "postgresql://db.example/d",
        "sqlite:///d",
    ],
)
def test_any_other_database_is_accepted(development: str) -> None:
    refuse_development(
        database_url("postgresql://localhost/d"), [database_url(development)]
    )


def test_the_application_of_the_tests_is_on_their_database() -> None:
    assert get_settings().database.url == SETTINGS.url


if SETTINGS.url.get_backend_name() == "postgresql":

    async def setting(name: str, **parameters: str) -> str:
        url = SETTINGS.url.update_query_dict(parameters)
        engine = create_engine(DatabaseSettings(url=url), reading=True)
        try:
            async with engine.connect() as connection:
                value = literal_column(f"current_setting('{name}')", String)
                return (await connection.execute(select(value))).scalar_one()
        finally:
            await engine.dispose()

    async def test_the_server_is_told_the_parameters() -> None:
        assert await setting("application_name") == "myapi"
        assert await setting("application_name", application_name="jobs") == "jobs"
        options = "-c search_path=elsewhere"
        assert await setting("search_path", options=options) == "elsewhere"

    async def test_nothing_is_sent_in_clear_where_tls_is_required() -> None:
        # No TLS is asked for on a Unix socket.
        if "host" not in SETTINGS.url.query and await setting("ssl") == "off":
            with pytest.raises(OperationalError, match="SSL"):
                await setting("ssl", sslmode="require")
