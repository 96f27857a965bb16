import pyotp
from httpx2 import AsyncClient, Response

from accounts import PASSWORD
from myapi.auth.models import User
from myapi.auth.totp.codes import encrypt
from myapi.auth.totp.models import TOTPSecret
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession
from myapi.settings import Settings


async def log_in(client: AsyncClient, user: User, code: str) -> Response:
    await client.get("/admin/login")
    token = client.cookies.get("starlette_admin_csrftoken") or ""
    form = {"username": user.email, "password": PASSWORD, "code": code}
    return await client.post("/admin/login", data={**form, "csrftoken": token})


async def test_the_admin_asks_for_the_code_as_well(
    client: AsyncClient, session: AsyncSession, settings: Settings, admin_user: User
) -> None:
    client.base_url = "https://test"  # else its cookies would not be sent
    secret = pyotp.random_base32()
    session.add(
        TOTPSecret(
            user_id=admin_user.id,
            encrypted=encrypt(settings.auth, secret),
            confirmed_at=utc_now(),
        )
    )
    await session.commit()
    assert (await log_in(client, admin_user, "")).status_code == 400
    assert (await log_in(client, admin_user, "000000")).status_code == 400
    code = pyotp.TOTP(secret).now()
    assert (await log_in(client, admin_user, code)).status_code == 303
    client.cookies.clear()
    assert (await log_in(client, admin_user, code)).status_code == 400
