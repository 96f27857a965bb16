"""Every operation of the OpenAPI document, called with generated input."""

from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
)

from myapi.main import create_app
from myapi.settings import Settings

app = create_app(Settings(environment="test", _env_file=None))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)

NOT_KEPT = [
    allow_header_conformance,  # Starlette names the methods of one route, not of a path
    negative_data_rejection,  # Pydantic takes what it can convert, such as "7" for 7
]


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_the_application_keeps_to_its_contract(case: Case[Any]) -> None:
    case.call_and_validate(excluded_checks=NOT_KEPT)


def test_operation_ids_are_unique() -> None:
    paths = app.openapi()["paths"].values()
    ids = Counter(operation["operationId"] for path in paths for operation in path.values())
    assert max(ids.values()) == 1, ids
