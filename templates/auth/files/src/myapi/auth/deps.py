from typing import Annotated

from fastapi import Depends, Header, Response

from myapi.auth.errors import ForbiddenError, UnauthorizedError
from myapi.auth.identity import IdentityDep
from myapi.auth.models import User
from myapi.auth.roles import Role


async def get_current_user(identity: IdentityDep) -> User:
    if identity is None:
        raise UnauthorizedError("This needs a login.")
    return identity.user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def get_current_admin(user: CurrentUser) -> User:
    if user.role is not Role.ADMIN:
        raise ForbiddenError("This is for administrators.")
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
