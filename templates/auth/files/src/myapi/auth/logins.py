from dataclasses import dataclass

from myapi.auth import queries, tokens
from myapi.auth.errors import UnauthorizedError
from myapi.auth.events import AccountEvents
from myapi.auth.models import Login, RefreshToken, User
from myapi.auth.schemas import Tokens
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.session import AsyncSession


@dataclass(frozen=True)
class Device:
    """Where a login comes from."""

    user_agent: str
    networks: list[bytes]  # digests of its network, by each secret key


async def log_in(
    session: AsyncSession, events: AccountEvents, user: User, device: Device
) -> Tokens:
    login = await create_login(session, events, user, device)
    return await _issue(session, events.settings, login)


async def create_login(
    session: AsyncSession, events: AccountEvents, user: User, device: Device
) -> Login:
    now = utc_now()
    devices = (await session.execute(queries.devices(user.id))).all()
    if devices and not any(
        (device.user_agent, network) in devices for network in device.networks
    ):
        text = f'Somebody logged in on a new device or network: "{device.user_agent}".'
        events.notify(user.email, "New login", text)
    await session.execute(queries.forget_logins(now - events.settings.refresh_ttl))
    login = Login(
        user_id=user.id,
        user_agent=device.user_agent,
        network=device.networks[0],
        last_used_at=now,
    )
    session.add(login)
    await session.flush()
    events.record("login_succeeded", user.id)
    return login


async def rotate(session: AsyncSession, events: AccountEvents, token: str) -> Tokens:
    """Exchange a refresh token for a new pair.

    The `UPDATE` is the lock: of many requests with one token a single one wins.
    A token that comes back later was copied, by a thief or from one, so the login
    ends. That must outlive the error, hence the commit.
    """
    now = utc_now()
    digest = tokens.digest(token)
    login_id = await session.scalar(queries.spend_refresh_token(digest, now))
    if login_id is not None:
        login = await session.scalar(queries.open_login(login_id))
        if login is None:
            raise UnauthorizedError("The login has ended.")
        login.last_used_at = now
        return await _issue(session, events.settings, login)

    spent = await session.scalar(queries.refresh_token(digest))
    if spent and spent.used_at and now - spent.used_at > events.settings.reuse_leeway:
        events.record("refresh_token_reused", None, login_id=str(spent.login_id))
        await session.execute(queries.end_login_of_token(digest, now))
        await session.commit()
    raise UnauthorizedError("The refresh token is not valid.")


async def log_out(session: AsyncSession, token: str) -> None:
    await session.execute(queries.end_login_of_token(tokens.digest(token), utc_now()))


async def _issue(session: AsyncSession, settings: AuthSettings, login: Login) -> Tokens:
    now = utc_now()
    await session.execute(queries.forget_refresh_tokens(login.id, now))
    token, digest = tokens.create_secret()
    session.add(
        RefreshToken(
            login_id=login.id,
            digest=digest,
            expires_at=now + settings.refresh_ttl,
        )
    )
    await session.flush()
    access = tokens.AccessToken(sub=login.user_id, sid=login.id)
    return Tokens(
        access_token=access.signed(settings, settings.access_ttl),
        refresh_token=token,
        expires_in=int(settings.access_ttl.total_seconds()),
    )
