from datetime import UTC, date, time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, WithJsonSchema

# The format "time" of JSON Schema has a time zone.
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"

# asyncpg writes the first and the last value as the `infinity` of PostgreSQL, which
# other clients cannot read. The columns have CHECK constraints for the same days.
INFINITE_DAYS = (date.min, date.max)


def refuse_number(value: object) -> object:
    """Pydantic would take a number for the seconds since 1970."""
    digits = value.strip("+-. ").replace(".", "") if isinstance(value, str) else ""
    if isinstance(value, int | float) or digits.isdecimal():
        raise ValueError("it is a number, not a text such as 2030-01-31")
    return value


def finite_day(day: date) -> date:
    if day in INFINITE_DAYS:
        raise ValueError("it is the first or the last day that there is")
    return day


def in_utc(moment: AwareDatetime) -> AwareDatetime:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("it is out of range in UTC") from None
    if moment.date() in INFINITE_DAYS:
        raise ValueError("it is on the first or the last day that there is")
    return moment


def without_zone(clock: time) -> time:
    if clock.tzinfo:
        raise ValueError("it has a time zone")
    return clock


TEXT = BeforeValidator(refuse_number)

Day = Annotated[date, TEXT, AfterValidator(finite_day)]
Moment = Annotated[AwareDatetime, TEXT, AfterValidator(in_utc)]
ClockTime = Annotated[
    time,
    TEXT,
    AfterValidator(without_zone),
    WithJsonSchema({"type": "string", "pattern": CLOCK}),
]
