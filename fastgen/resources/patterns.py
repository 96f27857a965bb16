"""The regular expressions of fields, in the engine that runs them: that of pydantic."""

import re
from functools import cache
from typing import Any

_PREFIX = "error: "


def pattern_problem(pattern: str) -> str:
    """Why a field cannot have `pattern`; empty where it can."""
    from pydantic_core import SchemaError

    try:
        re.compile(pattern)  # texts that match are found with Python's
    except re.error as error:
        return f"that is no regular expression ({error})"
    try:
        _validator(pattern)
    except SchemaError as error:
        reason = str(error).splitlines()[-1].strip().removeprefix(_PREFIX)
        return f"pydantic cannot run that regular expression ({reason})"
    return ""


def matches(pattern: str, text: str) -> bool:
    """Whether a field with `pattern` takes `text`."""
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
