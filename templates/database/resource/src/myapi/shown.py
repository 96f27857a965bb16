"""Rows as a schema shows them.

To make objects of rows takes SQLAlchemy longer than to read them. So a schema that
shows columns alone has those read, and one that shows more, such as a relationship or
a property of the model, gets objects.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Row, Select, inspect

import myapi.db.models  # noqa: F401 (statements may lead from any of them to others)
from myapi.db.reading import Reader, Values

Schema = TypeVar("Schema", bound=BaseModel)


async def show(
    reader: Reader, rows: Select[Any], schema: type[Schema], values: Values
) -> Schema | None:
    """The first row, if there is one."""
    found = await read(reader, rows, schema, values)
    return as_shown(schema, found[0]) if found else None


async def read(
    reader: Reader, rows: Select[Any], schema: type[BaseModel], values: Values
) -> Sequence[Any]:
    """Rows or objects, for `as_shown`. Each has an `id`."""
    columns = columns_for(schema, rows)
    if columns is None:
        return await reader.scalars(rows, values)
    return await reader.rows(columns, values)


def as_shown(schema: type[Schema], row: object) -> Schema:
    # A column may be called what a row has a method for, such as `count`.
    return schema.model_validate(row._asdict() if isinstance(row, Row) else row)


@lru_cache(maxsize=1000)
def columns_for(schema: type[BaseModel], rows: Select[Any]) -> Select[Any] | None:
    """`rows` with the columns that `schema` shows; None where it shows more."""
    model = rows.column_descriptions[0]["entity"]
    columns = inspect(model).column_attrs
    for name, field in schema.model_fields.items():
        if name not in columns or field.validation_alias is not None:
            return None
    names = {"id", *schema.model_fields}
    return rows.with_only_columns(*(getattr(model, name) for name in sorted(names)))
