from functools import cached_property

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class Router(APIRouter):
    """A router that is passed over by requests whose path cannot be one of its own.

    FastAPI tries every route of every router in turn, of the one that fits twice. It
    calls `matches` first; without that, this would be an `APIRouter` like any other.
    """

    @cached_property
    def fixed_part(self) -> str:
        """What is in each path, before the first parameter."""
        return self.prefix.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if self.fixed_part not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)
