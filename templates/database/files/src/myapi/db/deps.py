from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from myapi.db.engine import writes
from myapi.db.reading import Reader
from myapi.db.session import AsyncSession, Sessions


async def get_sessions(connection: HTTPConnection) -> Sessions:
    return cast("Sessions", connection.state["sessions"])


SessionsDep = Annotated[Sessions, Depends(get_sessions)]


async def get_reader(connection: HTTPConnection) -> Reader:
    return cast("Reader", connection.state["reader"])


ReaderDep = Annotated[Reader, Depends(get_reader)]


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """One transaction per request.

    Committed before the response is sent (hence the `function` scope below),
    so a failed commit can never follow a success response.
    """
    sessions = await get_sessions(connection)
    writes.set(connection.scope.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"))
    async with sessions() as session:
        yield session
        await session.commit()


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
