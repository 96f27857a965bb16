from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from myapi.db.read_session import ReadSession
from myapi.db.session import AsyncSession, Sessions


async def get_sessions(connection: HTTPConnection) -> Sessions:
    return cast("Sessions", connection.state["sessions"])


SessionsDep = Annotated[Sessions, Depends(get_sessions)]


async def get_session(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    """One transaction per request.

    Committed before the response is sent (hence the `function` scope below),
    so a failed commit can never follow a success response.
    """
    sessions = await get_sessions(connection)
    async with sessions() as session:
        yield session
        await session.commit()


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]


async def get_read_sessions(connection: HTTPConnection) -> Sessions:
    return cast("Sessions", connection.state["read_sessions"])


ReadSessionsDep = Annotated[Sessions, Depends(get_read_sessions)]


async def get_read_session(connection: HTTPConnection) -> AsyncIterator[ReadSession]:
    """Without a transaction: each statement sees what was committed before it."""
    sessions = await get_read_sessions(connection)
    async with sessions() as session:
        yield session


ReadSessionDep = Annotated[ReadSession, Depends(get_read_session, scope="function")]
