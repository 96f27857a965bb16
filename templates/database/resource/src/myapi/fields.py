"""Types of fields that resources share: what every database keeps as it came in."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps none in a text


def without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("it has a character NUL")
    return text


def in_utc(moment: AwareDatetime) -> AwareDatetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is out of range in UTC") from None


def without_zone(clock: time) -> time:
    return clock.replace(tzinfo=None)


def finite(value: dict[str, Any]) -> dict[str, Any]:
    json.dumps(value, allow_nan=False)
    return value


def decoded(value: object) -> object:
    return b64decode(value, validate=True) if isinstance(value, str) else value


def encoded(value: bytes) -> str:
    return b64encode(value).decode()


def written_as(pattern: str) -> WithJsonSchema:
    """In JSON it is a text that matches the pattern."""
    return WithJsonSchema({"type": "string", "pattern": pattern})


WITHOUT_NUL = AfterValidator(without_nul)

Int32 = Annotated[int, Field(gt=-(2**31), lt=2**31)]
# Greater numbers are not exact in JavaScript.
Int53 = Annotated[int, Field(gt=-(2**53), lt=2**53)]
Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
ClockTime = Annotated[time, AfterValidator(without_zone)]
JsonObject = Annotated[dict[str, Any], AfterValidator(finite)]
WebAddress = Annotated[
    str,
    Field(
        max_length=2048,
        pattern=r"^https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?([/?#][!-~]*)?$",
        examples=["https://example.com"],
    ),
]
Base64 = Annotated[
    bytes,
    BeforeValidator(decoded),
    PlainSerializer(encoded, when_used="json"),
    written_as("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"),
]
