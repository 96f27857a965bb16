"""How a request says who it comes from."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import APIKeyCookie, APIKeyHeader, OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from myapi.auth import queries
from myapi.auth.api_keys.owners import owner_of
from myapi.auth.cookies import ACCESS, cookie_name
from myapi.auth.roles import Role
from myapi.auth.settings import get_auth_settings
from myapi.auth.tokens import read_access_token
from myapi.db.deps import get_reader, get_sessions


@dataclass(frozen=True)
class Identity:
    """A key is nobody's login: it has none."""

    user_id: UUID
    role: Role
    login_id: UUID | None


bearer = OAuth2PasswordBearer(
    tokenUrl="api/v1/auth/login", scheme_name="bearer", auto_error=False
)
cookie = APIKeyCookie(name=f"__Host-{ACCESS}", scheme_name="cookie", auto_error=False)
api_key = APIKeyHeader(name="X-API-Key", scheme_name="api_key", auto_error=False)


async def get_identity(
    connection: HTTPConnection,
    header: Annotated[str | None, Depends(bearer)],
    _: Annotated[str | None, Depends(cookie)],
    key: Annotated[str | None, Depends(api_key)],
) -> Identity | None:
    """Nobody, when there is no credential or it does not hold.

    A header comes before a cookie: no page of another site can send one. The user and
    the login are read anew each time, so that logging out works at once.
    """
    settings = await get_auth_settings(connection)
    if key is not None:
        owner = await owner_of(await get_sessions(connection), settings, key)
        return Identity(owner.id, owner.role, login_id=None) if owner else None
    if header is None:
        header = connection.cookies.get(cookie_name(settings, ACCESS))
    token = read_access_token(settings, header) if header else None
    if token is None:
        return None
    reader = await get_reader(connection)
    user = await reader.row(
        queries.USER_OF_LOGIN, {"user_id": token.user_id, "login_id": token.login_id}
    )
    return Identity(user.id, user.role, token.login_id) if user else None


IdentityDep = Annotated[Identity | None, Depends(get_identity)]
