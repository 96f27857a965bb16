from typing import Annotated, TypeVar

from pydantic import SerializeAsAny, SkipValidation

T = TypeVar("T")

# JSON as it is in the table: another program may have written there what no request can
# send, and a list with such a row can still be read.
Stored = Annotated[T, SkipValidation(), SerializeAsAny()]
