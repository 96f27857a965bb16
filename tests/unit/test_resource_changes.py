"""Which field can take the place of another, with rows that are there."""

import pytest

from fastgen.resources.conversion import check_change
from fastgen.resources.grammar import BadField, parse_field
from tests.resources import resource

SHOP = resource("Shop")


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ("int", "bigint"),
        ("int", "float"),
        ("int", "decimal:12:2"),
        ("decimal:6:2", "decimal:9:3"),
        ("str:max=80", "str:max=90"),
        ("str", "text"),
        ("enum:a:b", "enum:b:a:c"),
        ("enum:a:b:c", "enum:a:b"),  # the table refuses it where a row is c
        ("enum:a:b", "str"),
        ("str:optional", "str"),
        ("str", "str:optional:unique"),
    ],
)
def test_what_keeps_every_value_is_a_change(known, field):
    check_change(SHOP, parse_field(f"name:{known}"), parse_field(f"name:{field}"))


@pytest.mark.parametrize(
    ("known", "field", "words"),
    [
        ("bigint", "int", "bigint cannot become int"),
        ("int", "decimal:9:2", "cannot become decimal"),
        ("decimal:9:3", "decimal:9:2", "cannot become decimal"),
        ("str", "enum:a:b", "str cannot become enum:a:b with the rows"),
        ("text", "int", "fastgen remove field Shop name"),
        ("email:optional", "email", "it stays optional"),
        ("str:max=120", "str:max=5", "str:max=120 cannot become str:max=5"),
        ("str", "str:max=199", "rows that are there may be longer"),
        ("text", "str", "rows that are there may be longer"),
        ("url", "email", "rows that are there may be longer"),
    ],
)
def test_what_would_lose_values_is_refused(known, field, words):
    """Or leave some that its type does not have, which no row could be read with."""
    with pytest.raises(BadField) as refusal:
        check_change(SHOP, parse_field(f"name:{known}"), parse_field(f"name:{field}"))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "field", ["str:min=3", "text:pattern=^[a-z]{3}$", "list:str:min=1", "text:min=1"]
)
def test_rows_never_get_a_value_that_the_field_refuses(field):
    with pytest.raises(BadField, match="give it a default"):
        check_change(SHOP, None, parse_field(f"name:{field}"))
    check_change(SHOP, None, parse_field(f"name:{field}:optional"))


@pytest.mark.parametrize(
    "field", ["str:min=3:default=abc", "int:min=5", "text:pattern=^[a-z]*$", "list:int"]
)
def test_rows_get_a_value_that_the_field_accepts(field):
    check_change(SHOP, None, parse_field(f"name:{field}"))
