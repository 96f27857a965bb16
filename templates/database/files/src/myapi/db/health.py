from fastapi import Request
from sqlalchemy import text

from myapi.db.deps import get_sessions


async def check(request: Request) -> None:
    sessions = await get_sessions(request)
    async with sessions() as session:
        await session.execute(text("SELECT 1"))
