from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Header, Response
from starlette.requests import HTTPConnection

from myapi.auth.errors import ForbiddenError, UnauthorizedError
from myapi.auth.identity import Identity
from myapi.auth.models import User
from myapi.auth.roles import Role
from myapi.db.deps import SessionDep


def identity_of(connection: HTTPConnection) -> Identity | None:
    """What the guard found, before every endpoint."""
    return cast("Identity | None", connection.scope["identity"])


async def get_current_identity(connection: HTTPConnection) -> Identity:
    identity = identity_of(connection)
    if identity is None:
        raise UnauthorizedError("This needs a login.")
    return identity


CurrentIdentity = Annotated[Identity, Depends(get_current_identity)]


async def get_current_user_id(connection: HTTPConnection) -> UUID:
    return (await get_current_identity(connection)).user_id


# Most endpoints need no more, and it costs no further statement.
CurrentUserId = Annotated[UUID, Depends(get_current_user_id)]


async def get_current_user(session: SessionDep, identity: CurrentIdentity) -> User:
    user = await session.get(User, identity.user_id)
    if user is None:
        raise UnauthorizedError("This needs a login.")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def refuse_api_keys(connection: HTTPConnection) -> None:
    identity = identity_of(connection)
    if identity is not None and identity.login_id is None:
        raise ForbiddenError("This needs a login: an API key is not enough.")


async def get_user_in_person(
    _: Annotated[None, Depends(refuse_api_keys)], user: CurrentUser
) -> User:
    return user


# The user of a login, never the owner of a key.
UserInPerson = Annotated[User, Depends(get_user_in_person)]


async def require_admin(
    _: Annotated[None, Depends(refuse_api_keys)], identity: CurrentIdentity
) -> None:
    if identity.role is not Role.ADMIN:
        raise ForbiddenError("This is for administrators.")


async def get_current_admin(
    _: Annotated[None, Depends(require_admin)], user: CurrentUser
) -> User:
    return user


CurrentAdmin = Annotated[User, Depends(get_current_admin)]


async def get_device(
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> str:
    """What the client calls itself, for people to know their logins by."""
    return "".join(filter(str.isprintable, user_agent))[:200]


DeviceDep = Annotated[str, Depends(get_device)]


async def forbid_caching(response: Response) -> None:
    """No proxy keeps tokens."""
    response.headers["Cache-Control"] = "no-store"
