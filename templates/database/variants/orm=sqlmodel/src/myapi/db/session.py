from sqlalchemy import orm
from sqlalchemy.ext import asyncio
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker
from sqlmodel import Session as SQLModelSession
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelAsyncSession


class Session(SQLModelSession):
    execute = orm.Session.execute


class AsyncSession(SQLModelAsyncSession):
    """`exec` for SQLModel's `select`; and `execute`, which `scalars` needs, without the
    warning that SQLModel adds to it."""

    sync_session_class = Session
    execute = asyncio.AsyncSession.execute


Sessions = async_sessionmaker[AsyncSession]


def create_sessions(bind: AsyncEngine | AsyncConnection) -> Sessions:
    return async_sessionmaker(bind, class_=AsyncSession, expire_on_commit=False)
