import pytest
from pydantic import ValidationError

from myapi.auth.settings import AuthSettings
from myapi.settings import Settings


@pytest.mark.parametrize("key", ["", "changeme", "k" * 31, "k" * 32 + ",changeme"])
def test_production_refuses_a_key_that_others_know_or_guess(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("AUTH_SECRET_KEYS", key)
    assert Settings(environment="development", _env_file=None)
    with pytest.raises(ValidationError, match="AUTH_SECRET_KEYS"):
        Settings(environment="production", _env_file=None)


def test_production_refuses_cookies_by_plain_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings(environment="production", _env_file=None)
    monkeypatch.setenv("AUTH_COOKIE_SECURE", "false")
    with pytest.raises(ValidationError, match="AUTH_COOKIE_SECURE"):
        Settings(environment="production", _env_file=None)


@pytest.mark.parametrize("url", ["http://shop.example", "https://localhost:8000"])
def test_production_refuses_links_that_lead_nowhere(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("AUTH_LINK_URL", url)
    with pytest.raises(ValidationError, match="AUTH_LINK_URL"):
        Settings(environment="production", _env_file=None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("login_rate", "often"), ("attempts_url", "nowhere"), ("link_url", "x")],
)
def test_a_setting_that_makes_no_sense_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        AuthSettings.model_validate({field: value})


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH_SECRET_KEYS", "k" * 40)
    assert "kkk" not in repr(Settings(_env_file=None))
