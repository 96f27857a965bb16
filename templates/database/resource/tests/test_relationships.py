from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from myapi.db import models
from myapi.db.base import Base
from myapi.db.session import AsyncSession

MODELS: list[type[Base]] = [
    model
    for model in vars(models).values()
    if isinstance(model, type) and issubclass(model, Base) and model is not Base
]


async def test_a_query_can_load_every_relationship(session: AsyncSession) -> None:
    for model in MODELS:
        for relation in inspect(model).relationships:
            load = joinedload(relation.class_attribute)
            rows = await session.scalars(select(model).options(load))
            assert rows.unique().all() == [], str(relation)
