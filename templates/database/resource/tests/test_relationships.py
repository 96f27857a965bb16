from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from myapi.db import models
from myapi.db.session import AsyncSession

MODELS = [getattr(models, name) for name in models.__all__ if name != "Base"]


async def test_a_query_can_load_every_relationship(session: AsyncSession) -> None:
    for model in MODELS:
        for relation in inspect(model).relationships:
            load = joinedload(relation.class_attribute)
            rows = await session.scalars(select(model).options(load))
            assert rows.unique().all() == [], str(relation)
