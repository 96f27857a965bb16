"""The OpenAPI document, which clients are generated from."""

from collections import Counter

import pytest
from fastapi import FastAPI


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
def test_every_endpoint_has_its_own_name(app: FastAPI) -> None:
    paths = app.openapi()["paths"].values()
    names = Counter(
        operation["operationId"] for path in paths for operation in path.values()
    )
    repeated = [name for name, count in names.items() if count > 1]
    assert not repeated, (
        f"several endpoint functions have these names, rename them: {repeated}"
    )
