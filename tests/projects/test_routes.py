"""Asking every route finds one that fails, and one that answers otherwise than its
document says; values are made for what a schema describes."""

import pytest
from jsonschema import validate

from .conftest import Make
from .openapi import Operation
from .routes import check_every_route

FAILS = """\
    @app.post("/fails/{number}")
    async def fails(number: int, text: str) -> None:
        if number > 0 and text:
            raise RuntimeError

"""

ANSWERS_TEXT = """\
    @app.post("/text")
    async def text() -> None:
        from fastapi.responses import PlainTextResponse

        return PlainTextResponse("not JSON")

"""

RETURN = "    return app\n"


@pytest.mark.parametrize(
    ("route", "flaw"),
    [
        (FAILS, "POST /fails/{number}: .*500"),
        (ANSWERS_TEXT, "POST /text: .*text/plain"),
    ],
)
def test_a_route_that_does_not_answer_as_documented_is_found(
    make: Make, route: str, flaw: str
) -> None:
    project = make("my-api")
    main = project.root / "src" / "my_api" / "main.py"
    text = main.read_text()
    assert text.count(RETURN) == 1
    with project.serving() as address:
        check_every_route(project, address)
    main.write_text(text.replace(RETURN, route + RETURN))
    with pytest.raises(AssertionError, match=flaw), project.serving() as address:
        check_every_route(project, address)


SCHEMAS = [
    {"type": "string", "minLength": 12, "maxLength": 12},
    {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$"},
    {"type": "string", "format": "uuid"},
    {"type": "integer", "exclusiveMinimum": 3},
    {"type": "number", "minimum": 0.01, "maximum": 5},
    {"type": "integer", "maximum": -1},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 2},
    {"anyOf": [{"type": "null"}, {"type": "string"}]},
    {"enum": ["draft", "live"], "type": "string"},
    {
        "type": "object",
        "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
        "required": ["name"],
    },
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_a_value_is_valid_by_its_schema(schema: dict[str, object]) -> None:
    operation = Operation("POST", "/", {}, {})
    validate(operation.value(schema), schema)
