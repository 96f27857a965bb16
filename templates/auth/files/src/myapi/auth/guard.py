"""Every endpoint asks for a login, unless it is marked as `@public`."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from myapi import health
from myapi.auth.errors import UnauthorizedError
from myapi.auth.identity import IdentityDep

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

# Orchestrators have no account.
_public: set[Callable[..., Any]] = {health.live, health.ready}


def public(endpoint: Endpoint) -> Endpoint:
    """Open an endpoint to everybody."""
    _public.add(endpoint)
    return endpoint


async def require_login(connection: HTTPConnection, identity: IdentityDep) -> None:
    """It runs first, and leaves the identity in the scope. As a dependency of others,
    FastAPI would go through all that the identity depends on again for each."""
    connection.scope["identity"] = identity
    if identity is None and connection.scope.get("endpoint") not in _public:
        raise UnauthorizedError("This needs a login.")


def open_public_operations(
    document: dict[str, Any], routes: Sequence[BaseRoute]
) -> None:
    """What is public needs no login in the OpenAPI document either."""
    for route in iter_route_contexts(routes):
        if route.endpoint in _public:
            path = document["paths"].get(route.path_format, {})
            for method in route.methods or ():
                path.get(method.lower(), {}).pop("security", None)
