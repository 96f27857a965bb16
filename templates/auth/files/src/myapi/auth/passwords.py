"""Argon2 takes tens of milliseconds and 64 MiB, so it runs in few threads."""

from functools import lru_cache

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
_threads = CapacityLimiter(4)


async def hash_password(password: str) -> str:
    return await run_sync(_hasher.hash, password, limiter=_threads)


async def verify_password(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether it matches, and a new hash when the old one is outdated.

    With no user there is still one verification, so that the time of the
    answer does not tell which addresses have an account.
    """
    return await run_sync(_verify, password, hashed, limiter=_threads)


def _verify(password: str, hashed: str | None) -> tuple[bool, str | None]:
    if hashed is None:
        _hasher.verify(password, _hash_of_nobody())
        return False, None
    return _hasher.verify_and_update(password, hashed)


@lru_cache
def _hash_of_nobody() -> str:
    return _hasher.hash("a password that no user has")
