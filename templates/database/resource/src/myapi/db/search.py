from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, SQLColumnExpression, or_

# At least three characters, because the index consists of parts of this length.
SearchText = Annotated[str, Field(min_length=3, max_length=100, pattern=r"^[^\x00]*$")]


def contains(text: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether one of `columns` contains `text`, in upper or lower case."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
