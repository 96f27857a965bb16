"""How often a client may guess."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Annotated, cast

from fastapi import Depends
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string
from starlette.requests import HTTPConnection

from myapi.auth.errors import TooManyAttemptsError
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import digest
from myapi.errors import AppError


class AttemptLimiter:
    def __init__(self, settings: AuthSettings) -> None:
        storage = storage_from_string(f"async+{settings.attempts_url}")
        self.windows = MovingWindowRateLimiter(cast("Storage", storage))
        self.per_account = parse(settings.login_rate)
        self.per_client = parse(settings.client_rate)

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
        windows, client = self.limiter.windows, self.client
        per_client, per_account = self.limiter.per_client, self.limiter.per_account
        key = digest(account.lower()).hex()
        if not await windows.test(per_client, client):
            await self.limiter.refuse(per_client, client)
        # Counted before it is made, so that attempts at the same time count as well.
        if not await windows.hit(per_account, client, key):
            await self.limiter.refuse(per_account, client, key)
        try:
            yield
        except AppError:
            await windows.hit(per_client, client)
            raise
        await windows.clear(per_account, client, key)

    async def count(self, account: str) -> None:
        """An attempt that counts in any case, such as a wish for mail."""
        windows, client = self.limiter.windows, self.client
        key = digest(f"mail {account.lower()}").hex()
        for rate, *keys in (
            (self.limiter.per_client, "mail", client),
            (self.limiter.per_account, key),
        ):
            if not await windows.hit(rate, *keys):
                await self.limiter.refuse(rate, *keys)


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
