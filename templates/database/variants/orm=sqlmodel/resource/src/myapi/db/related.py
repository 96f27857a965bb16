from typing import TypeVar, cast

from sqlalchemy.orm import QueryableAttribute

T = TypeVar("T")


def related(relationship: T) -> QueryableAttribute[T]:
    """A relationship of a class, which SQLModel types as one of an instance."""
    return cast("QueryableAttribute[T]", relationship)
