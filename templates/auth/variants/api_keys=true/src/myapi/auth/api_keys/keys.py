"""A key is a prefix, 32 random bytes and a checksum, such as `myapi_X4...d1f0a7c2`.

By the prefix a scanner finds keys that leaked into a repository; the checksum spares
the database the question for what was never a key.
"""

import hmac
import re
import secrets
import zlib

from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import derived_keys

_PREFIX = "myapi"
_CHECKSUM = 8
_SHOWN = len(_PREFIX) + 7

_FORM = re.compile(rf"{_PREFIX}_[\w-]{{43}}[0-9a-f]{{{_CHECKSUM}}}", re.ASCII)


def create_key() -> str:
    body = f"{_PREFIX}_{secrets.token_urlsafe(32)}"
    return body + _checksum(body)


def start_of(key: str) -> str:
    """What its owner tells it by, later on."""
    return key[:_SHOWN]


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


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):0{_CHECKSUM}x}"
