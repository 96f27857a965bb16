"""How often a client may guess a password, or have mail sent."""

import hmac
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv6Network
from math import ceil
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends
from limits import RateLimitItem
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
    UnconfirmedEmailError,
)
from myapi.auth.events import AccountEvents, AccountEventsDep, client_of
from myapi.auth.models import Purpose
from myapi.auth.passwords import queue
from myapi.auth.settings import DATABASE, AuthSettings, open_storage
from myapi.auth.tokens import derived_keys
from myapi.db.errors import DATABASE_ERRORS
from myapi.db.session import Sessions

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
        self.settings = settings
        self.read_sessions = read_sessions
        self.windows = FixedWindowRateLimiter(
            DatabaseStorage(sessions, read_sessions)
            if settings.attempts_url == DATABASE
            else open_storage(settings.attempts_url)
        )

    def digests(self, text: str) -> list[bytes]:
        """What stands for an address: by each secret key, the newest first, so that
        attempts count on and networks stay known while a key is replaced."""
        keys = derived_keys(self.settings, "attempts")
        return [hmac.digest(key, text.encode(), "sha256") for key in keys]

    async def hit(self, limit: Limit) -> bool:
        return await self.windows.hit(limit.rate, *limit.key)

    async def give_back(self, limits: Sequence[Limit]) -> None:
        """Attempts that cannot be given back count: the answer is the same."""
        with suppress(StorageError, *DATABASE_ERRORS):
            for limit in limits:
                await self.windows.hit(limit.rate, *limit.key, cost=-1)

    async def clear(self, limits: Sequence[Limit]) -> None:
        with suppress(StorageError, *DATABASE_ERRORS):
            for limit in limits:
                await self.windows.clear(limit.rate, *limit.key)


@dataclass
class Attempts:
    """The attempts of one client."""

    limiter: AttemptLimiter
    networks: list[bytes]  # the digests of the client's network
    events: AccountEvents

    @asynccontextmanager
    async def at(self, account: str) -> AsyncIterator[None]:
        """One attempt at the password of an account, which counts if it is wrong.

        Strangers lock nobody out: the limits of the account over all clients, and of
        the client over all accounts, do not refuse a client from whose network the
        account has logged in before.
        """
        rate = self.limiter.settings.client_rate
        client = [Limit(rate, ("client", network.hex())) for network in self.networks]
        own, everybody = self.limits_of(account)
        with queue.place():
            async with self.attempt(own, [*client, *everybody], account):
                yield

    def limits_of(self, account: str) -> tuple[list[Limit], list[Limit]]:
        """The limits of the client, and of all clients together."""
        settings = self.limiter.settings
        keys = [digest.hex() for digest in self.limiter.digests(account.lower())]
        return (
            [
                Limit(settings.login_rate, ("login", key, network.hex()))
                for key, network in zip(keys, self.networks, strict=True)
            ],
            [Limit(settings.account_rate, ("account", key)) for key in keys],
        )

    async def clear(self, account: str) -> None:
        for limits in self.limits_of(account):
            await self.limiter.clear(limits)

    @asynccontextmanager
    async def at_code(self, user_id: UUID) -> AsyncIterator[None]:
        """One attempt at a code, of all clients together.

        Whoever makes it knows the password, so no stranger locks the user out.
        """
        settings, user = self.limiter.settings, str(user_id)
        own = Limit(settings.login_rate, ("code", user))
        today = Limit(settings.account_rate, ("codes", user))
        async with self.attempt([own], [today]):
            yield

    @asynccontextmanager
    async def attempt(
        self, own: Sequence[Limit], shared: Sequence[Limit], account: str = ""
    ) -> AsyncIterator[None]:
        """Counted before it is made, so that attempts at the same time count too."""
        taken: list[Limit] = []
        with counting():
            for limit in (*own, *shared):
                if await self.limiter.hit(limit):
                    taken.append(limit)
                elif limit in own or not await self.is_known(account):
                    await self.limiter.give_back(taken)
                    await self.refuse(limit)
        try:
            yield
        except UnconfirmedEmailError:
            # The password is right. But whoever registers an address chooses one for
            # it, so this does not clear what was guessed before.
            await self.limiter.give_back(taken)
            raise
        except (ForbiddenError, UnauthorizedError):
            raise
        except Exception:  # an outage is no wrong password
            await self.limiter.give_back(taken)
            raise
        await self.limiter.clear(own)
        await self.limiter.give_back([limit for limit in taken if limit not in own])

    async def refuse(self, limit: Limit) -> None:
        key = limit.rate.key_for(*limit.key)
        reset = await self.limiter.windows.storage.get_expiry(key)
        self.events.record("too_many_attempts", None, limit=limit.key[0])
        raise TooManyAttemptsError(max(1, ceil(reset - time.time())))

    async def is_known(self, account: str) -> bool:
        """Whether the account has logged in from the client's network."""
        query = queries.login_from(account.lower(), self.networks)
        async with self.limiter.read_sessions() as session:
            return await session.scalar(query) is not None

    async def count(self, address: str, purpose: Purpose) -> None:
        """A request for mail to the address, which counts in any case.

        Each purpose by itself: strangers who ask for one hold up no other.
        """
        settings = self.limiter.settings
        digests, rate = self.limiter.digests(address.lower()), settings.mail_client_rate
        limits = [Limit(rate, ("mail client", n.hex())) for n in self.networks]
        limits += [
            Limit(settings.mail_rate, ("mail", purpose, d.hex())) for d in digests
        ]
        with counting():
            for limit in limits:
                if not await self.limiter.hit(limit):
                    await self.refuse(limit)


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
        return str(IPv6Network((host, 64), strict=False))
    except ValueError:  # IPv4
        return host


async def get_networks(connection: HTTPConnection) -> list[bytes]:
    """The digests of the client's network."""
    limiter: AttemptLimiter = connection.state["attempts"]
    return limiter.digests(network_of(client_of(connection)))


NetworksDep = Annotated[list[bytes], Depends(get_networks)]


async def get_attempts(
    connection: HTTPConnection, networks: NetworksDep, events: AccountEventsDep
) -> Attempts:
    return Attempts(connection.state["attempts"], networks, events)


AttemptsDep = Annotated[Attempts, Depends(get_attempts)]
