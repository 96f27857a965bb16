from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker
from sqlmodel.ext.asyncio.session import AsyncSession

__all__ = ["AsyncSession", "Sessions", "create_sessions"]

Sessions = async_sessionmaker[AsyncSession]


def create_sessions(bind: AsyncEngine | AsyncConnection) -> Sessions:
    return async_sessionmaker(bind, class_=AsyncSession, expire_on_commit=False)
