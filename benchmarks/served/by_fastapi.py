"""Minimal, by hand: FastAPI with asynchronous SQLAlchemy."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import jwt
import statements
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from tables import Product, User

URL = statements.URL.replace("postgresql:", "postgresql+asyncpg:")
engine = create_async_engine(URL, pool_size=16)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
Token = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="login"))]


async def get_user(session: SessionDep, token: Token) -> User:
    try:
        login = await session.scalar(statements.login_of(token))
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    if login is None:
        raise HTTPException(401)
    return login.user


UserDep = Annotated[User, Depends(get_user)]


class ProductRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    price: Decimal
    sku: str
    stock: int
    created_at: datetime
    updated_at: datetime


class Page(BaseModel):
    data: list[ProductRead]
    next: UUID | None


@app.get("/api/v1/products", response_model=Page)
async def list_products(
    session: SessionDep, user: UserDep, limit: int = 50
) -> dict[str, Any]:
    rows = (await session.scalars(statements.page(user.id, limit))).all()
    data = rows[:limit]
    return {"data": data, "next": data[-1].id if len(rows) > limit else None}


@app.get("/api/v1/products/{product_id}", response_model=ProductRead)
async def read_product(session: SessionDep, user: UserDep, product_id: UUID) -> Product:
    product = await session.scalar(statements.row(user.id, product_id))
    if product is None:
        raise HTTPException(404)
    return product
