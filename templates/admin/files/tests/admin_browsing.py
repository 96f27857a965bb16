"""The admin, as a browser talks to it."""

import pytest
from httpx2 import AsyncClient, Response

from accounts import PASSWORD
from myapi.admin.cookie import COOKIE, LASTS, AdminToken
from myapi.auth.cookies import cookie_name
from myapi.auth.models import Login, User
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.settings import Settings


class Browser:
    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    @property
    def token(self) -> str:
        return self.client.cookies.get("starlette_admin_csrftoken") or ""

    async def see(self, path: str) -> Response:
        return await self.client.get(f"/admin{path}")

    async def send(self, path: str, **form: str) -> Response:
        return await self.client.post(
            f"/admin{path}", data=form, headers={"X-CSRFToken": self.token}
        )

    async def act(self, name: str, user: User, **form: str) -> Response:
        return await self.send(f"/_api/users/action?name={name}&pks={user.id}", **form)

    async def log_in(self, email: str, password: str = PASSWORD) -> Response:
        await self.see("/login")
        return await self.send("/login", username=email, password=password)

    async def is_inside(self) -> bool:
        return (await self.see("/users/list")).status_code == 200


@pytest.fixture
def admin_browser(client: AsyncClient) -> Browser:
    client.base_url = "https://test"  # else its cookies would not be sent
    return Browser(client)


@pytest.fixture
async def admin(
    admin_browser: Browser, session: AsyncSession, settings: Settings, admin_user: User
) -> Browser:
    login = Login(user_id=admin_user.id, last_used_at=utc_now())
    session.add(login)
    await session.commit()
    value = AdminToken(sid=login.id).signed(settings.auth, LASTS)
    admin_browser.client.cookies.set(cookie_name(settings.auth, COOKIE), value)
    await admin_browser.see("/")
    return admin_browser
