"""What the admin does with the rows of any table."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from markupsafe import escape
from sqlalchemy import ColumnElement, String, cast, false, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper
from starlette.requests import Request
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.export.csv import CsvExporter
from starlette_admin.fields import EmailField, RelationField, StringField
from starlette_admin.flash import flash
from starlette_admin.tools import iterdecode

from myapi.admin import columns
from myapi.admin.fields import Converter, KeyField
from myapi.admin.refusals import is_refusal, message_of
from myapi.admin.schemas import checked, update_schema


class TableView(ModelView):
    """A table as it is mapped: what is special about one is in a view of its own."""

    fields: Sequence[Any] = ()  # names of attributes, or fields of starlette-admin
    # A text that begins with "=" would be a formula in a spreadsheet.
    exporters = (CsvExporter(escape_formulas=True), "json")
    show_pk_in_forms = True
    page_size = 25

    def __init__(self, mapper: Mapper[Any]) -> None:
        self.mapper = mapper
        self.fields = self.fields or columns.shown(mapper)
        keys = [mapper.get_property_by_column(c).key for c in mapper.primary_key]
        self.exclude_fields_from_list = columns.details(mapper)
        self.exclude_fields_from_create = columns.generated(mapper)
        self.exclude_fields_from_edit = [*self.exclude_fields_from_create, *keys]
        self.fields_default_sort = [(key, True) for key in keys]
        super().__init__(
            mapper.class_,
            key=columns.address_of(mapper),
            display_name=columns.name_of(mapper),
            menu_label=str(mapper.local_table).replace("_", " ").capitalize(),
            converter=Converter(),
        )
        for field in self.fields:
            if isinstance(field, RelationField):
                field.key = columns.address_of(mapper.relationships[field.name].mapper)
        # starlette-admin does not see what is below a type that decorates another.
        types = [columns.type_of(mapper.columns[key]) for key in self.key_names]
        self._pk_coerce = tuple(types) if len(types) > 1 else types[0]

    @property
    def key_names(self) -> list[str]:
        return str(self.pk_attr).split(",")

    def is_accessible(self, request: Request) -> bool:
        return not columns.is_hidden(self.mapper)

    def can_create(self, request: Request) -> bool:
        """Not where a row needs a value that the form does not have."""
        return not columns.has_needed_secret(self.mapper)

    def can_import(self, request: Request) -> bool:
        return False

    async def repr(self, obj: object, request: Request) -> str:
        """Its first text, such as a title, or else its key."""
        for field in self.fields:
            # Not before the type is known: a relation that is not loaded raises.
            if type(field) in (StringField, EmailField):
                text = getattr(obj, field.name, None)
                if text:
                    return str(text)
        return await super().repr(obj, request)

    async def select2_result(self, obj: object, request: Request) -> str:
        return f"<span>{escape(await self.repr(obj, request))}</span>"

    def get_search_query(self, request: Request, term: str) -> ColumnElement[bool]:
        """Texts that contain it, and keys that are it."""
        found: list[ColumnElement[bool]] = []
        for field in self.fields:
            column = self.mapper.columns.get(field.name)
            attribute = getattr(self.model, field.name)
            if isinstance(field, KeyField):
                if is_uuid(term):
                    found.append(attribute == UUID(term))
            elif column is not None and columns.is_text(column):
                found.append(cast(attribute, String).icontains(term, autoescape=True))
        return or_(false(), *found)

    def is_key(self, text: object) -> bool:
        """Whether it can be asked for: an address may have anything in it."""
        parts = iterdecode(str(text)) if len(self.key_names) > 1 else (text,)
        try:
            for key, part in zip(self.key_names, parts, strict=True):
                columns.type_of(self.mapper.columns[key])(part)
        except (TypeError, ValueError):
            return False
        return True

    async def find_by_pk(self, request: Request, pk: object) -> object:
        return await super().find_by_pk(request, pk) if self.is_key(pk) else None

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[object]:
        return await super().find_by_pks(request, [pk for pk in pks if self.is_key(pk)])

    async def validate_fields(
        self, request: Request, data: dict[str, Any], exclude: Collection[str] = ()
    ) -> None:
        """starlette-admin takes what it cannot read for nothing at all."""
        form = await request.form()
        unread = [
            name
            for name, value in data.items()
            if value is None and form.get(name) not in (None, "", "null")
        ]
        if unread:
            raise FormValidationError(dict.fromkeys(unread, "This is not valid."))
        await super().validate_fields(request, data, exclude)

    async def validate(self, request: Request, data: dict[str, Any]) -> None:
        errors: dict[str | int, Any] = {}
        for name, value in data.items():
            column = self.mapper.columns.get(name)
            if column is None or not isinstance(value, str):
                continue
            longest = getattr(column.type, "length", None)
            if not value and column.nullable:
                data[name] = None
            elif "\0" in value:
                errors[name] = "It has a character that cannot be stored."
            elif longest and len(value) > longest:
                errors[name] = f"It has more than {longest} characters."
        if errors:
            raise FormValidationError(errors)
        if schema := update_schema(self.model):
            data.update(checked(schema, data))

    async def handle_exception(self, request: Request, exc: Exception) -> None:
        """What the database refuses is said in the form."""
        if not is_refusal(exc):
            raise exc
        cause = str(getattr(exc, "orig", exc))
        message = message_of(cause)
        flash(request, message, "error")
        names = columns.named(self.mapper, cause)
        raise FormValidationError(dict.fromkeys(names, message)) from exc

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        try:
            return await super().delete(request, pks)
        except IntegrityError as error:
            raise ActionFailed("Other rows refer to it.") from error


class ReadOnlyView(TableView):
    """Rows that only the application writes. To delete one is to take it back."""

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
