"""Reads that need no transaction: each statement stands for itself.

A session asks the server four times for one statement: is the connection alive, BEGIN,
the statement, COMMIT. A reader asks once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Connection, Row, Select
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from myapi.db.engine import create_engine
from myapi.db.errors import ConnectionLostError, unavailable
from myapi.db.settings import DatabaseSettings

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Values = Mapping[str, Any]


class Reader:
    """Rows of columns, or objects, which are of no session: a change of them would be
    saved nowhere."""

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Connection]],
        settings: DatabaseSettings,
    ) -> None:
        self.connect = connect
        self.timeout = settings.timeout
        # First come, first served: who waits at the pool itself may be overtaken by
        # others for as long as there are any.
        self.turns = asyncio.Semaphore(settings.read_pool_size)

    async def row(self, statement: Select[*Ts], values: Values) -> Row[*Ts] | None:
        return await self.run(
            lambda connection: connection.execute(statement, values).first()
        )

    async def rows(self, statement: Select[*Ts], values: Values) -> Sequence[Row[*Ts]]:
        return await self.run(
            lambda connection: connection.execute(statement, values).all()
        )

    async def scalars(self, statement: Select[T], values: Values) -> Sequence[T]:
        """Objects, which take longer to make than rows to read."""

        def objects(connection: Connection) -> Sequence[T]:
            with Session(connection) as session:
                return session.scalars(statement, values).all()

        return await self.run(objects)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Once more, on a new connection, when the server has closed the one at hand:
        a read does no harm twice, and to ask each time whether it is alive costs as
        much as to read."""

        def once() -> T:
            with self.connect() as connection:
                return work(connection)

        await self.wait()
        try:
            return await greenlet_spawn(once)
        except ConnectionLostError:
            return await greenlet_spawn(once)
        finally:
            self.turns.release()

    async def wait(self) -> None:
        try:
            async with asyncio.timeout(self.timeout):
                await self.turns.acquire()
        except TimeoutError as error:
            raise unavailable(error) from error


@asynccontextmanager
async def connect(settings: DatabaseSettings) -> AsyncIterator[Reader]:
    engine = create_engine(settings, reading=True)
    try:
        yield Reader(engine.sync_engine.connect, settings)
    finally:
        await engine.dispose()
