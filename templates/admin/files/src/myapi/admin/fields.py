"""Fields for types that starlette-admin would hand to the database as text."""
# ruff: noqa: ANN401 (what a field holds depends on its column)

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.contrib.sqla import filters as sqla
from starlette_admin.contrib.sqla.converters import ModelConverter
from starlette_admin.contrib.sqla.exceptions import NotSupportedColumn
from starlette_admin.converters import converts
from starlette_admin.fields import (
    BaseField,
    DateTimeField,
    EnumField,
    FloatField,
    StringField,
    UUIDField,
)
from starlette_admin.filters.base import BaseFilter, FilterValidationError


def in_utc(value: object) -> datetime:
    """starlette-admin has converted it already, and dropped the timezone."""
    return cast("datetime", value).replace(tzinfo=UTC)


class AtMoment(sqla.DateTimeEqualFilter):
    def parse_value(self, raw: Any) -> datetime:
        return in_utc(super().parse_value(raw))


class BetweenMoments(sqla.DateTimeBetweenFilter):
    def parse_value(self, raw: Any) -> datetime:
        return in_utc(super().parse_value(raw))


class IsKey(sqla.EqualFilter):
    def parse_value(self, raw: Any) -> UUID:
        try:
            return UUID(str(raw))
        except ValueError:
            raise FilterValidationError("This is not a UUID.") from None


def moment_filters() -> list[type[BaseFilter]]:
    return [
        AtMoment,
        BetweenMoments,
        sqla.DateInPastFilter,
        sqla.DateInFutureFilter,
        sqla.IsNullFilter,
        sqla.IsNotNullFilter,
    ]


@dataclass
class MomentField(DateTimeField):
    filters: list[type[BaseFilter]] | None = field(default_factory=moment_filters)

    async def parse_form_data(
        self, request: Request, form_data: FormData
    ) -> datetime | None:
        moment = await super().parse_form_data(request, form_data)
        return in_utc(moment) if moment else None


def key_filters() -> list[type[BaseFilter]]:
    return [IsKey, sqla.IsNullFilter, sqla.IsNotNullFilter]


@dataclass
class KeyField(UUIDField):
    filters: list[type[BaseFilter]] | None = field(default_factory=key_filters)

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        text = await super().parse_form_data(request, form_data)
        try:
            return UUID(text) if text else None
        except ValueError:
            return text  # for its validator to refuse


@dataclass
class ChoiceField(EnumField):
    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        text = await super().parse_form_data(request, form_data)
        members = {str(member.value): member for member in self.enum or ()}
        return members.get(str(text)) if members else text


class Converter(ModelConverter):
    def convert(self, *args: Any, **kwargs: Any) -> BaseField:
        try:
            return super().convert(*args, **kwargs)
        except NotSupportedColumn:
            return self.as_text(*args, **kwargs)

    @converts("sqlalchemy.sql.sqltypes.Interval", "sqlalchemy.sql.sqltypes.PickleType")
    def as_text(self, *args: Any, **kwargs: Any) -> BaseField:
        """What no field can write can still be read."""
        return StringField(
            name=kwargs["name"], exclude_from_create=True, exclude_from_edit=True
        )

    @converts("DateTime")
    def conv_datetime(self, *args: Any, **kwargs: Any) -> BaseField:
        return MomentField(**self._field_common(*args, **kwargs))

    @converts("Float")  # of SQLAlchemy 2.1, where it is no Numeric
    def conv_float(self, *args: Any, **kwargs: Any) -> BaseField:
        return FloatField(**self._field_common(*args, **kwargs))

    @converts("sqlalchemy.sql.sqltypes.Uuid")
    def conv_uuid(self, *args: Any, **kwargs: Any) -> BaseField:
        return KeyField(**self._field_common(*args, **kwargs))

    @converts("Enum")
    def conv_enum(self, *args: Any, **kwargs: Any) -> BaseField:
        choices = kwargs["type"]
        return ChoiceField(
            **self._field_common(*args, **kwargs),
            enum=choices.enum_class,
            choices=None if choices.enum_class else choices.enums,
        )
