from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
)

__all__ = ["AsyncSession", "Sessions", "create_sessions"]

Sessions = async_sessionmaker[AsyncSession]


def create_sessions(bind: AsyncEngine | AsyncConnection) -> Sessions:
    return async_sessionmaker(bind, expire_on_commit=False)
