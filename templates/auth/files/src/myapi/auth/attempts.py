"""How often a client may guess a password, or have mail sent."""

import hmac
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from starlette.requests import HTTPConnection

from myapi.auth import queries
from myapi.auth.attempt_storage import DatabaseStorage
from myapi.auth.errors import (
    AttemptsUnavailableError,
    ForbiddenError,
    TooManyAttemptsError,
    UnauthorizedError,
)
from myapi.auth.passwords import queue
from myapi.auth.purposes import Purpose
from myapi.auth.settings import DATABASE, AuthSettings, open_storage
from myapi.auth.tokens import derived_keys
from myapi.db.errors import DATABASE_ERRORS
from myapi.db.session import Sessions
from myapi.errors import AppError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """How many attempts of a key there may be in a time."""

    rate: RateLimitItem
    key: tuple[str, ...]


class AttemptLimiter:
    def __init__(
        self, settings: AuthSettings, sessions: Sessions, read_sessions: Sessions
    ) -> None:
        url = settings.attempts_url
        storage: Storage = (
            DatabaseStorage(sessions, read_sessions)
            if url == DATABASE
            else open_storage(url)
        )
        self.windows = FixedWindowRateLimiter(storage)
        self.read_sessions = read_sessions
        self.secret = derived_keys(settings, "attempts")[0]
        self.login = parse(settings.login_rate)
        self.account = parse(settings.account_rate)
        self.client = parse(settings.client_rate)
        self.mail = parse(settings.mail_rate)
        self.mail_client = parse(settings.mail_client_rate)

    def digest(self, text: str) -> bytes:
        """What stands for an address: with a key, since there are few IP addresses."""
        return hmac.digest(self.secret, text.encode(), "sha256")

    async def hit(self, limit: Limit, cost: int = 1) -> bool:
        with counting():
            return await self.windows.hit(limit.rate, *limit.key, cost=cost)

    async def take(self, limit: Limit) -> None:
        if not await self.hit(limit):
            await self.refuse(limit)

    async def refuse(self, limit: Limit) -> None:
        with counting():
            key = limit.rate.key_for(*limit.key)
            reset = await self.windows.storage.get_expiry(key)
        raise TooManyAttemptsError(max(1, ceil(reset - time.time())))

    async def give_back(self, limits: Iterable[Limit]) -> None:
        """Attempts that cannot be given back count: the answer is the same."""
        with suppress(AppError, *DATABASE_ERRORS):
            for limit in limits:
                await self.hit(limit, cost=-1)

    async def clear(self, limit: Limit) -> None:
        with suppress(AppError, *DATABASE_ERRORS), counting():
            await self.windows.clear(limit.rate, *limit.key)


class Attempts:
    """The attempts of one client."""

    def __init__(self, limiter: AttemptLimiter, network: bytes) -> None:
        self.limiter = limiter
        self.network = network

    @asynccontextmanager
    async def at(self, account: str) -> AsyncIterator[None]:
        """One attempt at the password of an account, which counts if it is wrong.

        Strangers lock nobody out: the limits of the account over all clients, and of
        the client over all accounts, do not refuse a client from whose network the
        account has logged in before.
        """
        limiter, account = self.limiter, account.lower()
        client = Limit(limiter.client, ("client", self.network.hex()))
        own, everybody = self.limits_of(account)
        with queue.place():
            async with self.attempt(own, client, everybody, account=account):
                yield

    def limits_of(self, account: str) -> tuple[Limit, Limit]:
        """The limits of the client, and of all clients together."""
        limiter, key = self.limiter, self.limiter.digest(account).hex()
        return (
            Limit(limiter.login, ("login", key, self.network.hex())),
            Limit(limiter.account, ("account", key)),
        )

    async def clear(self, account: str) -> None:
        for limit in self.limits_of(account.lower()):
            await self.limiter.clear(limit)

    @asynccontextmanager
    async def at_code(self, user_id: UUID) -> AsyncIterator[None]:
        """One attempt at a code, of all clients together.

        Whoever makes it knows the password, so no stranger locks the user out.
        """
        limiter, user = self.limiter, str(user_id)
        today = Limit(limiter.account, ("codes", user))
        async with self.attempt(Limit(limiter.login, ("code", user)), today):
            yield

    @asynccontextmanager
    async def attempt(
        self, own: Limit, *shared: Limit, account: str = ""
    ) -> AsyncIterator[None]:
        """Counted before it is made, so that attempts at the same time count too."""
        taken: list[Limit] = []
        for limit in (own, *shared):
            if await self.limiter.hit(limit):
                taken.append(limit)
            elif limit is own or not await self.is_known(account):
                await self.limiter.give_back(taken)
                await self.limiter.refuse(limit)
        try:
            yield
        except (ForbiddenError, UnauthorizedError):
            raise
        except Exception:  # an outage is no wrong password
            await self.limiter.give_back(taken)
            raise
        await self.limiter.clear(own)
        await self.limiter.give_back(taken[1:])

    async def is_known(self, account: str) -> bool:
        """Whether the account has logged in from the client's network."""
        async with self.limiter.read_sessions() as session:
            login = await session.scalar(queries.login_from(account, self.network))
        return login is not None

    async def count(self, address: str, purpose: Purpose) -> None:
        """A request for mail to the address, which counts in any case.

        Each purpose by itself: strangers who ask for one hold up no other.
        """
        limiter = self.limiter
        key = limiter.digest(address.lower()).hex()
        await limiter.take(
            Limit(limiter.mail_client, ("mail client", self.network.hex()))
        )
        await limiter.take(Limit(limiter.mail, ("mail", purpose, key)))


@contextmanager
def counting() -> Iterator[None]:
    """Whoever cannot be counted is not let in."""
    try:
        yield
    except StorageError as error:
        log.exception("attempts cannot be counted")
        raise AttemptsUnavailableError from error


def network_of(host: str) -> str:
    """Of IPv6 a client has a whole network: /64."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ip_network((address, 64), strict=False))


async def get_network(connection: HTTPConnection) -> bytes:
    """A digest of the client's network."""
    limiter: AttemptLimiter = connection.state["attempts"]
    host = connection.client.host if connection.client else ""
    return limiter.digest(network_of(host))


NetworkDep = Annotated[bytes, Depends(get_network)]


async def get_attempts(connection: HTTPConnection) -> Attempts:
    return Attempts(connection.state["attempts"], await get_network(connection))


AttemptsDep = Annotated[Attempts, Depends(get_attempts)]


@asynccontextmanager
async def connect_attempts(
    settings: AuthSettings, sessions: Sessions, read_sessions: Sessions
) -> AsyncIterator[AttemptLimiter]:
    yield AttemptLimiter(settings, sessions, read_sessions)
