"""Regular expressions of fields, run by pydantic's engine."""

import re
from functools import cache
from typing import Any

_PREFIX = "error: "


def pattern_problem(pattern: str) -> str:
    """The reason why a field cannot have `pattern`; empty if it can."""
    from pydantic_core import SchemaError

    try:
        re.compile(pattern)  # matching texts are generated with Python's engine
    except re.error as error:
        return f"that is no regular expression ({error})"
    try:
        _validator(pattern)
    except SchemaError as error:
        reason = str(error).splitlines()[-1].strip().removeprefix(_PREFIX)
        return f"pydantic cannot run that regular expression ({reason})"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is valid for `pattern`."""
    from pydantic_core import ValidationError

    try:
        _validator(pattern).validate_python(text)
    except ValidationError:
        return False
    return True


@cache
def _validator(pattern: str) -> Any:  # noqa: ANN401 (imported only where it is used)
    from pydantic_core import SchemaValidator, core_schema

    return SchemaValidator(core_schema.str_schema(pattern=pattern))
