import re
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, SQLColumnExpression, String, bindparam, or_

# At least three characters, because the index consists of parts of this length.
SearchText = Annotated[
    str | None,
    Field(
        min_length=3,
        max_length=100,
        pattern=r"^[^\x00]*$",
        description="Only rows with this text in one of the fields that are searched.",
    ),
]


def contains(text: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether one of `columns` contains `text`, in upper or lower case."""
    pattern = "%" + re.sub("([%_/])", r"/\1", text) + "%"
    # SQLAlchemy writes it into the statement, quoted. For a parameter, PostgreSQL may
    # choose one plan for all texts, without the index.
    literal = bindparam(None, pattern, String, literal_execute=True)
    return or_(*(column.ilike(literal, escape="/") for column in columns))
