"""Makes the database anew, with a login and 100 products of its user; prints a token
of the login, and the id of one of the products."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import asyncpg
from shop.auth.models import Login, User
from shop.auth.tokens import AccessToken
from shop.db import engine
from shop.products.models import Product
from shop.settings import get_settings
from sqlalchemy import URL


async def create_database(url: URL) -> None:
    server = url.set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    await connection.execute(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')
    await connection.execute(f'CREATE DATABASE "{url.database}"')
    await connection.close()


async def make_rows() -> dict[str, str]:
    settings = get_settings()
    async with engine.connect(settings.database) as sessions, sessions() as session:
        session.add(user := User(email="ada@example.com", password_hash=None))
        await session.flush()
        login = Login(user_id=user.id, user_agent="", last_used_at=datetime.now(UTC))
        session.add(login)
        for number in range(100):
            product = Product(
                owner_id=user.id,
                name=f"Product {number}",
                price=Decimal("12.50"),
                sku=f"sku-{number:036}",
                stock=number,
            )
            session.add(product)
        await session.commit()
        access = AccessToken(sub=user.id, sid=login.id)
        token = access.signed(settings.auth, settings.auth.access_ttl)
        return {"token": token, "id": str(product.id)}


asyncio.run(create_database(get_settings().database.url))
alembic = Path(sys.executable).with_name("alembic")
subprocess.run([alembic, "upgrade", "head"], check=True, stdout=sys.stderr)
print(json.dumps(asyncio.run(make_rows())))
