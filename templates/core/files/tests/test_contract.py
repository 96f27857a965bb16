"""Every operation of the OpenAPI document, called with generated input."""

from typing import Any

import pytest
from schemathesis import Case

from contract import EXAMPLES, check_contract, schema_of
from myapi.main import create_app
from myapi.settings import Settings

pytestmark = pytest.mark.slow

schema = schema_of(create_app(Settings(environment="test", _env_file=None)))


@schema.parametrize()
@EXAMPLES
def test_the_application_keeps_to_its_contract(case: Case[Any]) -> None:
    check_contract(case)
