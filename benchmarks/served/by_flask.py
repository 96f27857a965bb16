"""Minimal, by hand: Flask with SQLAlchemy."""

from typing import Any
from uuid import UUID

import jwt
import statements
from flask import Flask, Response, abort, jsonify, request
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tables import Product, User

engine = create_engine(statements.URL.replace("postgresql:", "postgresql+psycopg:"))
app = Flask(__name__)


def current_user(session: Session) -> User:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        login = session.scalar(statements.login_of(token))
    except jwt.InvalidTokenError:
        abort(401)
    if login is None:
        abort(401)
    return login.user


def read(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price,
        "sku": product.sku,
        "stock": product.stock,
        "created_at": product.created_at.isoformat(),
        "updated_at": product.updated_at.isoformat(),
    }


@app.get("/api/v1/products")
def list_products() -> Response:
    limit = request.args.get("limit", 50, type=int)
    with Session(engine) as session:
        user = current_user(session)
        rows = session.scalars(statements.page(user.id, limit)).all()
    data = rows[:limit]
    after = data[-1].id if len(rows) > limit else None
    return jsonify(data=[read(product) for product in data], next=after)


@app.get("/api/v1/products/<uuid:product_id>")
def read_product(product_id: UUID) -> Response:
    with Session(engine) as session:
        user = current_user(session)
        product = session.scalar(statements.row(user.id, product_id))
    if product is None:
        abort(404)
    return jsonify(read(product))
