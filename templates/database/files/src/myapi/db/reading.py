"""Reads that need no transaction: each statement stands for itself.

A session asks the server four times for one statement: is the connection alive, BEGIN,
the statement, COMMIT. A reader asks once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from myapi.db.engine import create_engine
from myapi.db.errors import ConnectionLostError, unavailable
from myapi.db.session import AsyncSession, Sessions, create_sessions
from myapi.db.settings import DatabaseSettings

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Values = Mapping[str, Any]


class Reader:
    """`scalar` and `scalars` as a session has them. What they return is of no session:
    a change of it would be saved nowhere."""

    def __init__(self, sessions: Sessions, settings: DatabaseSettings) -> None:
        self.sessions = sessions
        self.timeout = settings.timeout
        # First come, first served: who waits at the pool itself may be overtaken by
        # others for as long as there are any.
        self.turns = asyncio.Semaphore(settings.read_pool_size)

    async def row(self, statement: Select[*Ts], values: Values) -> Row[*Ts] | None:
        """Of columns: without the work that makes an object of it."""
        return await self.run(
            lambda session: session.connection().execute(statement, values).first()
        )

    async def scalar(self, statement: Select[T], values: Values) -> T | None:
        return await self.run(lambda session: session.scalar(statement, values))

    async def scalars(self, statement: Select[T], values: Values) -> Sequence[T]:
        return await self.run(lambda session: session.scalars(statement, values).all())

    async def run(self, work: Callable[[Session], T]) -> T:
        """Once more, on a new connection, when the server has closed the one at hand:
        a read does no harm twice, and to ask each time whether it is alive costs as
        much as to read."""

        def once(session: Session) -> T:
            with session:
                return work(session)

        await self.wait()
        try:
            return await self.sessions().run_sync(once)
        except ConnectionLostError:
            return await self.sessions().run_sync(once)
        finally:
            self.turns.release()

    async def wait(self) -> None:
        try:
            async with asyncio.timeout(self.timeout):
                await self.turns.acquire()
        except TimeoutError as error:
            raise unavailable(error) from error


# What reads alone can take either.
Source = AsyncSession | Reader


@asynccontextmanager
async def connect(settings: DatabaseSettings) -> AsyncIterator[Reader]:
    engine = create_engine(settings, reading=True)
    try:
        yield Reader(create_sessions(engine), settings)
    finally:
        await engine.dispose()
