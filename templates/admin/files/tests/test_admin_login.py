"""Who comes into the admin."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from limits import parse
from starlette.routing import Route

from accounts import PASSWORD
from admin_browsing import Browser
from clients import client_of
from myapi.admin.site import mount_admin
from myapi.auth import queries
from myapi.auth.models import Role, User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow


async def test_an_administrator_logs_in_and_out(
    admin_browser: Browser, admin_user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await admin_browser.log_in(admin_user.email)
    assert answer.headers["location"] == "/admin/"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-admin=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "path=/", "samesite=strict", "secure"}
    capsys.readouterr()
    assert await admin_browser.is_inside()
    assert f"user_id={admin_user.id}" in capsys.readouterr().out

    before = dict(admin_browser.client.cookies)
    await admin_browser.send("/logout")
    assert not await admin_browser.is_inside()
    admin_browser.client.cookies.update(before)
    assert not await admin_browser.is_inside()


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/admin/users/list", "/admin/users/list"),
        ("https://elsewhere.example/", "/admin/"),
        ("//elsewhere.example/", "/admin/"),
        ("https://test//elsewhere.example/", "https://test//elsewhere.example/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
async def test_a_login_leads_to_no_other_site(
    admin_browser: Browser, admin_user: User, wanted: str, leads_to: str
) -> None:
    await admin_browser.see("/login")
    form = {"username": admin_user.email, "password": PASSWORD}
    answer = await admin_browser.send(f"/login?next={wanted}", **form)
    assert answer.headers["location"] == leads_to


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("ada@example.com", PASSWORD, "not an administrator"),
        ("grace@example.com", "wrong", "Wrong email or password."),
        ("nobody@example.com", PASSWORD, "Wrong email or password."),
        ("grace@example.com", "x" * 200, "Wrong email or password."),
        ("\0", PASSWORD, "Wrong email or password."),
    ],
)
async def test_nobody_else_comes_in(
    admin_browser: Browser,
    user: User,
    admin_user: User,
    email: str,
    password: str,
    says: str,
) -> None:
    answer = await admin_browser.log_in(email, password)
    assert says in answer.text
    assert not await admin_browser.is_inside()


@pytest.fixture
def one_attempt(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.auth, "login_rate", parse("1/minute"))


async def test_attempts_here_and_at_the_api_count_together(
    one_attempt: None, admin_browser: Browser, admin_user: User
) -> None:
    form = {"username": admin_user.email, "password": "wrong"}
    await admin_browser.client.post("/api/v1/auth/login", data=form)
    answer = await admin_browser.log_in(admin_user.email)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text


@pytest.mark.parametrize("end", ["logins", "is_active", "role"])
async def test_access_ends_at_once(
    admin: Browser, admin_user: User, session: AsyncSession, end: str
) -> None:
    if end == "logins":
        await session.execute(queries.end_logins(admin_user.id, utc_now()))
    else:
        setattr(admin_user, end, Role.USER if end == "role" else False)
    await session.commit()
    assert not await admin.is_inside()


async def test_every_address_leads_the_anonymous_to_the_login(
    admin_browser: Browser, user: User, settings: Settings
) -> None:
    other = FastAPI()
    other.state.settings = settings
    await admin_browser.see("/login")
    admin = mount_admin(other)
    assert admin is not None
    routes = [r for r in admin.routes if isinstance(r, Route)]
    asked = 0
    for route in routes:
        path = route.path.replace("{key}", "users").replace("{path:path}", "x")
        for method in (route.methods or set()) - {"HEAD"}:
            if route.name == "login":
                continue
            answer = await admin_browser.client.request(
                method,
                f"/admin{path}?pk={user.id}&pks={user.id}&name=delete",
                headers={"X-CSRFToken": admin_browser.token},
            )
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/admin/login?")
            assert answer.text == ""
            asked += 1
    assert asked >= 15


@pytest.mark.parametrize(
    ("variables", "statuses"),
    [
        ({}, {"/admin": 307, "/admin/login": 200}),
        ({"ADMIN_PATH": "/back-office"}, {"/admin": 404, "/back-office/login": 200}),
        ({"ADMIN_ENABLED": "false"}, {"/admin": 404, "/admin/login": 404}),
    ],
)
async def test_the_admin_can_be_elsewhere_or_nowhere(
    client: AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    statuses: dict[str, int],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    app = create_app(Settings(environment="test", _env_file=None))
    async with client_of(app) as other:
        for path, status in statuses.items():
            answer = await other.get(path)
            assert answer.status_code == status
            # Relative: it does not lead to the host that the request names.
            assert answer.headers.get("location", f"{path}/") == f"{path}/"
