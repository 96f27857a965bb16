from fastapi import Request
from sqlalchemy import text

from myapi.db.deps import get_read_sessions


async def check(request: Request) -> None:
    sessions = await get_read_sessions(request)
    async with sessions() as session:
        await session.execute(text("SELECT 1"))
