"""What FastAPI and Flask by hand ask the database: the statements that the generated
application runs, as one writes them in an endpoint."""

import hmac
import os
from uuid import UUID

import jwt
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager
from tables import Login, Product, User

URL = os.environ["DATABASE_URL"]
SECRET = os.environ["AUTH_SECRET_KEYS"].encode()
KEY = hmac.digest(SECRET, b"shop:access", "sha256")


def login_of(token: str) -> Select[Login]:
    """Raises jwt.InvalidTokenError."""
    claims = jwt.decode(token, KEY, algorithms=["HS256"], audience="shop:access")
    return (
        select(Login)
        .join(Login.user)
        .options(contains_eager(Login.user))
        .where(
            Login.id == UUID(claims["sid"]),
            Login.revoked_at.is_(None),
            User.id == UUID(claims["sub"]),
            User.is_active,
        )
    )


def page(owner: UUID, limit: int) -> Select[Product]:
    rows = select(Product).where(Product.owner_id == owner)
    return rows.order_by(Product.id.desc()).limit(limit + 1)


def row(owner: UUID, product: UUID) -> Select[Product]:
    return select(Product).where(Product.owner_id == owner, Product.id == product)
