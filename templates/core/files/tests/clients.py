from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient


@asynccontextmanager
async def client_of(
    app: FastAPI, address: str = "127.0.0.1"
) -> AsyncIterator[AsyncClient]:
    """A client at `address` of an application whose lifespan runs."""
    async with LifespanManager(app) as manager:
        transport = ASGITransport(app=manager.app, client=(address, 123))
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            yield client
