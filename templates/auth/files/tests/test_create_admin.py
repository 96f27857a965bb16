"""`python -m myapi.auth.create_admin`, with its input and output."""

import asyncio
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from accounts import PASSWORD
from myapi.auth import create_admin
from myapi.db.engine import connect
from myapi.db.settings import DatabaseSettings
from myapi.settings import Settings

EMAIL = "root@example.com"

# Runs the command with its arguments and a line of input; gives what it says.
Run = Callable[..., str]


@pytest.fixture
def run(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    monkeypatch.setattr(create_admin, "get_settings", lambda: settings)

    def run(
        *arguments: str,
        password: str = PASSWORD,
        keyboard: type[io.StringIO] = io.StringIO,
    ) -> str:
        monkeypatch.setattr("sys.argv", ["create_admin", *arguments])
        monkeypatch.setattr("sys.stdin", keyboard(f"{password}\n"))
        create_admin.main()
        return capsys.readouterr().out

    return run


def refusal(run: Run, *arguments: str, password: str = PASSWORD) -> str:
    with pytest.raises(SystemExit) as refused:
        run(*arguments, password=password)
    return str(refused.value)


def test_create_admin_makes_an_administrator_once(run: Run) -> None:
    assert run("Root@Example.com").endswith(f"{EMAIL} is an administrator now.\n")
    assert run(EMAIL) == f"{EMAIL} is an administrator already.\n"


def test_create_admin_promotes_an_account_with_promote(run: Run, app: FastAPI) -> None:
    account = {"email": "ada@example.com", "password": PASSWORD}
    with TestClient(app) as client:
        client.post("/api/v1/auth/users", json=account)
    assert "--promote" in refusal(run, "ada@example.com")
    done = run("ada@example.com", "--promote")
    assert "ada@example.com is an administrator now; the password is as before." in done
    assert re.search(r"role_changed .*by=create_admin role=admin user_id=\S{36}", done)


def test_create_admin_holds_no_lock_while_somebody_types(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def write() -> None:
        async with connect(settings.database) as sessions, sessions.begin() as session:
            await session.execute(text("UPDATE users SET role = role"))

    class Keyboard(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            asyncio.run(write())
            return super().readline(size)

    monkeypatch.setattr(settings.database, "timeout", 1)
    assert "administrator now" in run("typist@example.com", keyboard=Keyboard)


def test_create_admin_refuses_weak_passwords_and_invalid_addresses(run: Run) -> None:
    weak = refusal(run, "weak@example.com", password="password")
    assert weak == "A password has 12 to 128 characters, and is not easy to guess."
    assert refusal(run, "weak") == "That is no email address."


@pytest.mark.parametrize(
    ("url", "way_out"),
    [
        ("sqlite:///{}/empty.db", "make migrate"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "DATABASE_URL"),
    ],
    ids=["without tables", "down"],
)
def test_create_admin_reports_an_unusable_database_in_one_line(
    run: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    url: str,
    way_out: str,
) -> None:
    database = DatabaseSettings.model_validate({"url": url.format(tmp_path)})
    monkeypatch.setattr(settings, "database", database)
    message = refusal(run, EMAIL)
    assert way_out in message
    assert "\n" not in message
    assert "secret" not in message
