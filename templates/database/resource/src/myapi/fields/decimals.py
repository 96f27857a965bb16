from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema


def with_places(places: int) -> AfterValidator:
    """With as many decimal places as its column has, and without a negative zero."""
    step = Decimal(1).scaleb(-places)
    return AfterValidator(lambda value: value.quantize(step) + 0)


def written_as(pattern: str) -> WithJsonSchema:
    """In JSON it is a text that matches the pattern, which no parser rounds."""
    about = "A number is accepted too: 9.99 for `9.99` as a text."
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": about})


def plain(value: Decimal) -> str:
    return f"{value:f}"


# Never as 1E-7. PostgreSQL keeps NaN in a decimal, too, and a list can be read with it.
FixedPoint = Annotated[
    Decimal, Field(allow_inf_nan=True), PlainSerializer(plain, when_used="json")
]
