"""What the API checks in a row, the admin checks, too."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette_admin.exceptions import FormValidationError


def update_schema(model: type[Any]) -> type[BaseModel] | None:
    """`ProductUpdate` in the schemas beside the model `Product`."""
    module = f"{model.__module__.removesuffix('models')}schemas"
    if find_spec(module) is None:
        return None
    return getattr(import_module(module), f"{model.__name__}Update", None)


def checked(schema: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form that are in `schema`, as it has them."""
    given = {name: data[name] for name in data if name in schema.model_fields}
    try:
        changes = schema.model_validate(given)
    except ValidationError as error:
        # What concerns several fields has no location.
        first = next(iter(given), "")
        messages = [((*each["loc"], first)[0], each["msg"]) for each in error.errors()]
        raise FormValidationError(dict(reversed(messages))) from error
    return changes.model_dump(exclude_unset=True)
