"""schema.graphql, as a server of GraphQL would read it."""

from importlib.resources import files

from graphql import build_schema


def test_the_schema_is_valid() -> None:
    text = (files("myapi") / "schema.graphql").read_text()
    schema = build_schema(text)
    assert schema.query_type
    assert "teams" in schema.query_type.fields
