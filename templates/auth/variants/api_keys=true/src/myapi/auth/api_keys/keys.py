"""A key is a prefix, 32 random bytes and a checksum, such as `myapi_X4...d1f0a7c2`.

By the prefix a scanner finds keys that leaked into a repository; the checksum spares
the database the question for what was never a key.
"""

import hmac
import re
import secrets
import zlib
from datetime import timedelta

from myapi.auth.api_keys import queries
from myapi.auth.api_keys.models import APIKey
from myapi.auth.models import Role
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import derived_keys
from myapi.db.base import utc_now
from myapi.db.session import Sessions

_PREFIX = "myapi"
_CHECKSUM = 8
SHOWN = len(_PREFIX) + 7  # characters, by which its owner recognises a key
PRECISION = timedelta(minutes=1)  # of what is known of a key's last use

_FORM = re.compile(rf"{_PREFIX}_[\w-]{{43}}[0-9a-f]{{{_CHECKSUM}}}", re.ASCII)


def create_key() -> str:
    body = f"{_PREFIX}_{secrets.token_urlsafe(32)}"
    return body + _checksum(body)


def is_key(text: str) -> bool:
    """Whether it may be a key of ours; the database knows whether it is one."""
    if not _FORM.fullmatch(text):
        return False
    return text[-_CHECKSUM:] == _checksum(text[:-_CHECKSUM])


def digests(settings: AuthSettings, key: str) -> list[bytes]:
    """What the database may know of a key, which is worth nothing without
    AUTH_SECRET_KEYS. The first one is for keys that are made now."""
    return [
        hmac.digest(derived, key.encode(), "sha256")
        for derived in derived_keys(settings, "api-key")
    ]


async def find_key(
    read_sessions: Sessions, sessions: Sessions, settings: AuthSettings, key: str
) -> tuple[APIKey, Role] | None:
    """A key that is valid now, and the role of its owner, who is active."""
    if not is_key(key):
        return None
    now, known = utc_now(), digests(settings, key)
    async with read_sessions() as reading:
        found = (await reading.execute(queries.valid_api_key(known, now))).first()
    if found is None:
        return None
    row, role = found
    if row.last_used_at is None or now - row.last_used_at > PRECISION:
        async with sessions() as session:
            await session.execute(queries.note_use(row.id, known[0], now))
            # At once: else requests with this key would wait for one another.
            await session.commit()
    return row, role


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):0{_CHECKSUM}x}"
