"""How the contract tests call an endpoint and judge its answer."""

import os
import warnings
from hashlib import sha256
from typing import Any
from unicodedata import category

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings, strategies
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
)

EXAMPLES = settings(
    # For each operation, beside the values at the limits of its schema.
    max_examples=int(os.environ.get("CONTRACT_EXAMPLES", "5")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

EXCLUDED_CHECKS = [
    allow_header_conformance,  # Starlette names the methods of one route, not of a path
    negative_data_rejection,  # Pydantic takes what it can convert, such as "7" for 7
]

HINT = """\
{operation} answers something that its OpenAPI document does not say. Declare it:
  response_class=PlainTextResponse   for a body that is not JSON
  status_code=204 and `-> None`      for an answer without a body
  responses=problems(400)            for an error"""

# JSON Schema's `email` includes reserved domains and more, which validators refuse.
schemathesis.openapi.format(
    "email", strategies.from_regex(r"[a-z]{1,20}@example\.com", fullmatch=True)
)
# Those that are easy to guess may be refused.
schemathesis.openapi.format(
    "password", strategies.binary().map(lambda given: sha256(given).hexdigest())
)
schemathesis.serializer.alias("application/jsonl", "text/plain")
# Only the schema of a row knows which lines are valid, so these files have none.
FILES = {"application/jsonl", "text/csv"}


def schema_of(app: FastAPI) -> BaseSchema:
    with warnings.catch_warnings():
        # test_openapi.py says which endpoints have the same name.
        warnings.filterwarnings("ignore", "Duplicate Operation ID")
        app.openapi()
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def check_contract(
    case: Case[Any],
    headers: dict[str, str] | None = None,
    excluded: list[CheckFunction] | None = None,
) -> None:
    """Call the endpoint of `case`, and fail unless its answer is documented."""
    checks = [*EXCLUDED_CHECKS, *(excluded or [])]
    found: list[str] = []
    body = "" if case.media_type in FILES else as_sent(case.body)
    case.body, case.query = body, as_sent(case.query)
    try:
        case.call_and_validate(headers=headers, excluded_checks=checks)
    except FailureGroup as failures:
        found = [str(failure) for failure in failures.exceptions]
    if found:
        hint = HINT.format(operation=case.operation.label)
        pytest.fail("\n\n".join([hint, *found, case.as_curl_command()]), pytrace=False)


def as_sent(value: Any) -> Any:  # noqa: ANN401 (what JSON has)
    """`value` with 1 for 1.0, which is an integer to JSON Schema but not to a strict
    type; with a visible character in each text, which may be required; and without NUL,
    which PostgreSQL does not keep in a text."""
    match value:
        case dict():
            return {as_sent(name): as_sent(each) for name, each in value.items()}
        case list():
            return [as_sent(each) for each in value]
        case str():
            if value and all(category(c)[0] in "CZ" for c in value):
                value = f"x{value[1:]}"
            return value.replace("\0", "x")
        case float() if value.is_integer():
            return int(value)
    return value
