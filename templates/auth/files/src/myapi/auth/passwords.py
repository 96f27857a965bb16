"""Argon2 takes a core and 19 MiB for each password, so it runs in few threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from myapi.auth.errors import PasswordQueueFullError

# OWASP's parameters with the least memory. Each thread takes as much, and a login
# must not start threads of its own beside the event loop: parallelism is 1.
_hasher = PasswordHash(
    (Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),)
)


class PasswordQueue:
    """The requests that wait for one of few threads; more than fit are refused."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = CapacityLimiter(threads)
        self.size = threads + waiting
        self.taken = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """To be taken before any work for a password, such as a query."""
        if self.taken >= self.size:
            raise PasswordQueueFullError
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


queue = PasswordQueue(threads=min(4, os.cpu_count() or 1), waiting=50)


async def hash_password(password: str) -> str:
    return await run_sync(_hasher.hash, password, limiter=queue.threads)


async def verify_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether it matches, and a new hash when the old one is outdated.

    With no user there is still one verification, so that the time of the
    answer does not tell which addresses have an account.
    """
    return await run_sync(_verify, password, hashed, limiter=queue.threads)


def _verify(password: str, hashed: str | None) -> tuple[bool, str | None]:
    if hashed is None:
        _hasher.verify(password, _hash_of_nobody())
        return False, None
    return _hasher.verify_and_update(password, hashed)


@lru_cache
def _hash_of_nobody() -> str:
    return _hasher.hash("a password that no user has")
