from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import BaseModel, ValidationError

from clients import client_of
from myapi.main import create_app
from myapi.settings import Settings, get_settings


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


def test_a_variable_with_the_name_of_a_group_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = Settings.model_fields.items()
    groups = [name for name, field in fields if isinstance(field.default, BaseModel)]
    assert "cors" in groups
    for name in groups:
        monkeypatch.setenv(name.upper(), "/var/mail/me")
    monkeypatch.setenv("CORS_CREDENTIALS", "false")
    assert not Settings(_env_file=None).cors.credentials


@pytest.mark.parametrize("path", ["shop", "/shop/", "/", "https://page.example/shop"])
def test_a_root_path_begins_with_a_slash_and_does_not_end_with_one(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ROOT_PATH", path)
    with pytest.raises(ValidationError, match="root_path"):
        Settings(_env_file=None)


@pytest.mark.parametrize("path", ["/api", "/api/v1", "/api/v1/items", "/docs"])
def test_a_root_path_is_no_path_of_the_application(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("ROOT_PATH", path)
    with pytest.raises(SystemExit) as ended:
        get_settings.__wrapped__()
    (line,) = str(ended.value).splitlines()
    assert line.startswith(f"Settings: ROOT_PATH={path} is a path of the application")
    monkeypatch.setenv("ROOT_PATH", "/api/shop")
    assert get_settings.__wrapped__().root_path == "/api/shop"


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_links_are_right_if_the_root_path_of_a_server_ends_with_a_slash(
    path: str,
) -> None:
    app = create_app(Settings(environment="development", _env_file=None))
    transport = ASGITransport(app=app, root_path="/shop/")
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get(path)
        assert "/shop/openapi.json" in page.text
        assert "/shop/docs/assets/" in page.text
        home = await client.get("/")
        assert home.headers["location"] == "/shop/docs"


@pytest.mark.parametrize("path", ["", "/shop"])
async def test_a_proxy_serves_the_api_below_a_root_path(path: str) -> None:
    """Whether it passes the prefix on, or strips it."""
    app = create_app(Settings(root_path="/shop", _env_file=None))
    async with client_of(app) as client:
        docs = await client.get(f"{path}/docs")
        assert "/shop/openapi.json" in docs.text
        document = (await client.get(f"{path}/openapi.json")).json()
        assert document["servers"] == [{"url": "/shop"}]
        assert (await client.get(f"{path}/health/live")).status_code == 200
