"""Every operation of the OpenAPI document, called with generated input."""

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings, strategies
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
)

from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow

EXAMPLES = settings(
    # For each operation, beside the values at the limits of its schema.
    max_examples=int(os.environ.get("CONTRACT_EXAMPLES", "5")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

# JSON Schema's `email` includes reserved domains and more, which validators refuse.
schemathesis.openapi.format(
    "email", strategies.from_regex(r"[a-z]{1,20}@example\.com", fullmatch=True)
)

app = create_app(Settings(environment="test", _env_file=None))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)

NOT_KEPT = [
    allow_header_conformance,  # Starlette names the methods of one route, not of a path
    negative_data_rejection,  # Pydantic takes what it can convert, such as "7" for 7
]


@schema.parametrize()
@EXAMPLES
def test_the_application_keeps_to_its_contract(case: Case[Any]) -> None:
    case.call_and_validate(excluded_checks=NOT_KEPT)


def test_operation_ids_are_unique() -> None:
    paths = app.openapi()["paths"].values()
    ids = Counter(operation["operationId"] for path in paths for operation in path.values())
    assert max(ids.values()) == 1, ids
