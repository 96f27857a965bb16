import pytest

from database import SETTINGS
from myapi.db.settings import DatabaseSettings
from myapi.db.url import database_url
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
