from datetime import UTC, time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, WithJsonSchema

# The format "time" of JSON Schema has a time zone.
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"


def in_utc(moment: AwareDatetime) -> AwareDatetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is out of range in UTC") from None


def without_zone(clock: time) -> time:
    if clock.tzinfo:
        raise ValueError("it has a time zone")
    return clock


Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
ClockTime = Annotated[
    time,
    AfterValidator(without_zone),
    WithJsonSchema({"type": "string", "pattern": CLOCK}),
]
