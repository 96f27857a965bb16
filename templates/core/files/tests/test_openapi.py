"""The OpenAPI document, which clients are generated from."""

import re
from collections import Counter

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from myapi.errors import problems
from myapi.main import create_app
from myapi.settings import Settings


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


@pytest.mark.parametrize(
    ("environment", "docs", "status"),
    [
        ("development", None, 200),
        ("production", None, 404),
        ("production", "true", 200),
        ("development", "false", 404),
    ],
)
async def test_production_serves_no_documentation_unless_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch, environment: str, docs: str | None, status: int
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    if docs is not None:
        monkeypatch.setenv("DOCS", docs)
    app = create_app(Settings(_env_file=None))
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert (await client.get(path)).status_code == status


def test_an_operation_lists_the_errors_that_its_parameters_lead_to() -> None:
    app = create_app(Settings(environment="test", _env_file=None))

    @app.get("/orders/{number}", responses=problems(410))
    async def read_order(number: int) -> int:
        return number

    paths = app.openapi()["paths"]
    assert {"404", "410", "422", "default"} <= paths["/orders/{number}"]["get"][
        "responses"
    ].keys()
    live = paths["/health/live"]["get"]
    assert live["operationId"] == "read_liveness"
    assert live["responses"].keys() == {"200", "default"}


def test_the_document_knows_the_type_of_each_problem(app: FastAPI) -> None:
    schema = app.openapi()["components"]["schemas"]["Problem"]
    types = schema["properties"]["type"]["examples"]
    for name in ("conflict", "not-found", "not-ready", "validation-failed"):
        assert f"urn:problem-type:{name}" in types
    assert all(re.fullmatch(r"about:blank|urn:problem-type:[a-z-]+", t) for t in types)


def test_tags_and_summaries_read_well(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert [tag for tag in operation["tags"] if " " in tag] == []


def test_a_list_and_an_export_describe_their_parameters(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for operation in operations.values():
            given = {p["name"]: p for p in operation.get("parameters", ())}
            if {"after", "limit"} <= given.keys() or path.endswith("/export"):
                in_query = [p for p in given.values() if p["in"] == "query"]
                assert all(parameter.get("description") for parameter in in_query)


def test_an_answer_without_a_body_has_no_content(app: FastAPI) -> None:
    for operations in app.openapi()["paths"].values():
        for operation in operations.values():
            for status in {"202", "204"} & operation["responses"].keys():
                assert "content" not in operation["responses"][status]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
async def test_documentation_pages_load_only_from_the_application(
    client: AsyncClient, path: str
) -> None:
    page = await client.get(path)
    assert "//" not in re.sub(r"^\s*//.*$", "", page.text, flags=re.MULTILINE)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await client.get(link)).status_code == 200, link


async def test_the_first_page_is_the_documentation_in_development_only() -> None:
    for environment, status in (("development", 307), ("test", 404)):
        app = create_app(Settings(environment=environment, _env_file=None))
        transport = ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            page = await client.get("/")
            assert page.status_code == status
            assert page.headers.get("location") in ("/docs", None)
