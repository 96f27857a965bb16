from pathlib import Path

import pytest
from pydantic import ValidationError

from myapi.settings import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, https://b.example")
    settings = Settings(_env_file=None)
    assert settings.log_level == "ERROR"
    assert settings.cors.origins == ["https://a.example", "https://b.example"]


def test_the_environment_comes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("ENVIRONMENT=production\nLOG_LEVEL=ERROR\n")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.delenv("ENVIRONMENT", raising=False)
    settings = Settings(_env_file=file)
    assert (settings.environment, settings.log_level) == ("production", "DEBUG")


def test_any_origin_with_credentials_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "*")
    with pytest.raises(ValidationError, match="CORS_CREDENTIALS=false"):
        Settings(_env_file=None)
    monkeypatch.setenv("CORS_CREDENTIALS", "false")
    assert Settings(_env_file=None).cors.origins == ["*"]
