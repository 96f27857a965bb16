from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from myapi.auth.api_keys import keys, queries
from myapi.auth.api_keys.scopes import APIKeyScope
from myapi.auth.roles import Role
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.session import Sessions

PRECISION = timedelta(minutes=1)  # of what is known of a key's last use


@dataclass(frozen=True)
class Owner:
    user_id: UUID
    role: Role
    scope: APIKeyScope


async def owner_of(
    read_sessions: Sessions, sessions: Sessions, settings: AuthSettings, key: str
) -> Owner | None:
    """Whose key it is, if it is one that is valid now, of a user who is active."""
    if not keys.is_key(key):
        return None
    now = utc_now()
    digests = keys.digests(settings, key)
    async with read_sessions() as reading:
        rows = await reading.execute(queries.valid_api_key(digests, now))
    found = rows.first()
    if found is None:
        return None
    if found.last_used_at is None or now - found.last_used_at > PRECISION:
        async with sessions() as session:
            await session.scalars(queries.note_use(found.id, digests[0], now))
            # At once: else requests with this key would wait for one another.
            await session.commit()
    return Owner(found.user_id, found.role, found.scope)
