from dataclasses import dataclass
from uuid import UUID

from myapi.auth import queries, tokens
from myapi.auth.errors import UnauthorizedError
from myapi.auth.events import AccountEvents
from myapi.auth.models import Login, RefreshToken, User
from myapi.auth.schemas import LoginPage, Tokens
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession
from myapi.errors import NotFoundError
from myapi.pagination import PageQuery, paginate


@dataclass(frozen=True)
class Device:
    """Where a login comes from."""

    user_agent: str
    network: bytes


async def log_in(
    session: AsyncSession, events: AccountEvents, user: User, device: Device
) -> Tokens:
    login = await create_login(session, events, user, device)
    return await _issue(session, events.settings, login)


async def create_login(
    session: AsyncSession, events: AccountEvents, user: User, device: Device
) -> Login:
    now = utc_now()
    rows = await session.execute(queries.devices(user.id))
    known = {Device(user_agent, network) for user_agent, network in rows}
    if known and device not in known:
        events.new_device(user, device.user_agent)
    await session.scalars(queries.forget_logins(now - events.settings.refresh_ttl))
    login = Login(
        user_id=user.id,
        user_agent=device.user_agent,
        network=device.network,
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
        await session.scalars(queries.end_login(spent.login_id, now))
        await session.commit()
    raise UnauthorizedError("The refresh token is not valid.")


async def log_out(session: AsyncSession, token: str) -> None:
    await session.scalars(queries.end_login_of(tokens.digest(token), utc_now()))


async def list_logins(
    session: ReadSession, settings: AuthSettings, user_id: UUID, query: PageQuery
) -> LoginPage:
    used_after = utc_now() - settings.refresh_ttl
    rows = queries.open_logins(user_id, used_after)
    return await paginate(session, rows, query, LoginPage)


async def end_login(session: AsyncSession, user_id: UUID, login_id: UUID) -> None:
    ended = await session.scalars(queries.end_login(login_id, utc_now(), user_id))
    if not ended.all():
        raise NotFoundError(f"No login {login_id}.")


async def end_logins(session: AsyncSession, user_id: UUID) -> None:
    await session.scalars(queries.end_logins(user_id, utc_now()))


async def _issue(session: AsyncSession, settings: AuthSettings, login: Login) -> Tokens:
    await session.scalars(queries.forget_refresh_tokens(login.id))
    token, digest = tokens.create_secret()
    session.add(
        RefreshToken(
            login_id=login.id,
            digest=digest,
            expires_at=utc_now() + settings.refresh_ttl,
        )
    )
    await session.flush()
    access = tokens.AccessToken(sub=login.user_id, sid=login.id)
    return Tokens(
        access_token=access.signed(settings, settings.access_ttl),
        refresh_token=token,
        expires_in=int(settings.access_ttl.total_seconds()),
    )
