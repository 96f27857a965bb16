import asyncio

from asgi_lifespan import LifespanManager
from starlette.types import ASGIApp, Receive, Scope, Send


class StartedOnce:
    """An application that starts with its first request, and then stays: connections
    are kept, and what is counted in memory is counted on.

    It never stops by itself; the platform ends the process without a word.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.starting = asyncio.Lock()
        self.lifespan: LifespanManager | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lifespan = await self.start()
        await lifespan.app(scope, receive, send)

    async def start(self) -> LifespanManager:
        async with self.starting:
            if self.lifespan is None:
                lifespan = LifespanManager(self.app, startup_timeout=30)
                self.lifespan = await lifespan.__aenter__()
            return self.lifespan
