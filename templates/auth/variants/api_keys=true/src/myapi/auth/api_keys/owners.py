from datetime import timedelta

from myapi.auth.api_keys import keys
from myapi.auth.api_keys.queries import valid_api_key
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.db.base import utc_now
from myapi.db.session import Sessions

PRECISION = timedelta(minutes=1)  # of what is known of a key's last use


async def owner_of(sessions: Sessions, settings: AuthSettings, key: str) -> User | None:
    """Whose key it is, if it is one that is valid now, of a user who is active."""
    if not keys.is_key(key):
        return None
    now = utc_now()
    async with sessions() as session:
        found = await session.scalar(valid_api_key(keys.digest(settings, key), now))
        if found is None:
            return None
        if found.last_used_at is None or now - found.last_used_at > PRECISION:
            await session.commit()  # of nothing: SQLite's readers may not come to write
            found.last_used_at = now
            # At once: else requests with this key would wait for one another.
            await session.commit()
        return found.user
