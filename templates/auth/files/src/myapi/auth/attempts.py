"""How often a client may guess."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Annotated

import structlog
from fastapi import Depends
from limits import RateLimitItem, parse
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from starlette.requests import HTTPConnection

from myapi.auth.errors import AttemptsUnavailableError, TooManyAttemptsError
from myapi.auth.settings import AuthSettings, open_storage
from myapi.auth.tokens import digest
from myapi.errors import AppError

log = structlog.get_logger(__name__)


class AttemptLimiter:
    def __init__(self, settings: AuthSettings) -> None:
        self.windows = FixedWindowRateLimiter(open_storage(settings.attempts_url))
        self.per_account = parse(settings.login_rate)
        self.per_client = parse(settings.client_rate)

    async def take(self, rate: RateLimitItem, *key: str) -> None:
        if not await self.windows.hit(rate, *key):
            await self.refuse(rate, *key)

    async def see(self, rate: RateLimitItem, *key: str) -> None:
        if not await self.windows.test(rate, *key):
            await self.refuse(rate, *key)

    async def refuse(self, rate: RateLimitItem, *key: str) -> None:
        reset, _ = await self.windows.get_window_stats(rate, *key)
        raise TooManyAttemptsError(max(1, ceil(reset - time.time())))


class Attempts:
    """The attempts of one client."""

    def __init__(self, limiter: AttemptLimiter, client: str) -> None:
        self.limiter = limiter
        self.client = client

    @asynccontextmanager
    async def at(self, account: str) -> AsyncIterator[None]:
        """One attempt, which counts unless it succeeds."""
        limiter, client = self.limiter, self.client
        key = digest(account.lower()).hex()
        with counting():
            await limiter.see(limiter.per_client, client)
            # Counted before it is made: attempts at the same time count as well.
            await limiter.take(limiter.per_account, client, key)
        try:
            yield
        except AppError:
            with counting():
                await limiter.windows.hit(limiter.per_client, client)
            raise
        with counting():
            await limiter.windows.clear(limiter.per_account, client, key)

    async def count(self, account: str) -> None:
        """An attempt that counts in any case, such as a wish for mail."""
        limiter = self.limiter
        key = digest(account.lower()).hex()
        with counting():
            await limiter.take(limiter.per_client, "mail", self.client)
            await limiter.take(limiter.per_account, "mail", key)


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


async def get_attempts(connection: HTTPConnection) -> Attempts:
    host = connection.client.host if connection.client else ""
    return Attempts(connection.state["attempts"], network_of(host))


AttemptsDep = Annotated[Attempts, Depends(get_attempts)]


@asynccontextmanager
async def connect_attempts(settings: AuthSettings) -> AsyncIterator[AttemptLimiter]:
    yield AttemptLimiter(settings)
