"""What happens while a password is verified, which takes a while."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from accounts import CHEAP, PASSWORD
from myapi.auth import passwords, verifier
from myapi.auth.accounts import find_user
from myapi.auth.deps import CurrentUserId
from myapi.auth.models import User
from myapi.auth.verifier import VerifierDep
from myapi.db.deps import SessionDep
from myapi.db.session import AsyncSession

AUTH = "/api/v1/auth"
ANOTHER = "another battery of horses"
EMAIL = "ada@example.com"


async def log_in(client: httpx2.AsyncClient, password: str) -> httpx2.Response:
    form = {"username": EMAIL, "password": password}
    return await client.post(f"{AUTH}/login", data=form)


async def test_a_request_that_fails_to_confirm_the_password_loses_its_writes(
    as_user: httpx2.AsyncClient,
    session: AsyncSession,
    app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.router, "routes", list(app.router.routes))

    @app.post("/write-then-confirm")
    async def write(
        session: SessionDep,
        verifier: VerifierDep,
        user_id: CurrentUserId,
        password: str,
    ) -> None:
        session.add(User(email="new@example.com"))
        await session.flush()
        await verifier.verify_password(user_id, password)

    async def written(password: str) -> tuple[int, bool]:
        url = f"/write-then-confirm?password={password}"
        status = (await as_user.post(url)).status_code
        return status, await find_user(session, "new@example.com") is not None

    assert await written("wrong") == (403, False)
    assert await written(PASSWORD) == (200, True)


Change = Callable[[], Awaitable[None]]
Arrange = Callable[[Change, str | None], None]


@pytest.fixture
def while_verifying(monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """Has something happen while the next password is verified."""

    def arrange(change: Change, new_hash: str | None) -> None:
        async def verify(password: str, hashed: str | None) -> tuple[bool, str | None]:
            ok, _ = await passwords.verify_password(password, hashed)
            await change()
            return ok, new_hash

        monkeypatch.setattr(verifier, "verify_password", verify)

    return arrange


@pytest.mark.parametrize("outdated", [False, True])
async def test_a_password_that_changes_while_it_is_verified_is_refused(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    user: User,
    while_verifying: Arrange,
    *,
    outdated: bool,
) -> None:
    """And the hash that is outdated does not come back."""
    newer = CHEAP.hash(ANOTHER)

    async def change() -> None:
        await session.execute(update(User).values(password_hash=newer))
        await session.commit()

    while_verifying(change, CHEAP.hash(PASSWORD) if outdated else None)
    assert (await log_in(client, PASSWORD)).status_code == 401
    await session.refresh(user)
    assert user.password_hash == newer


async def test_an_outdated_hash_is_replaced(
    client: httpx2.AsyncClient,
    session: AsyncSession,
    user: User,
    while_verifying: Arrange,
) -> None:
    newer = CHEAP.hash(PASSWORD)

    async def change() -> None:
        return None

    while_verifying(change, newer)
    assert (await log_in(client, PASSWORD)).status_code == 200
    await session.refresh(user)
    assert user.password_hash == newer
