"""Which field can take the place of another, with rows that are there."""

import pytest

from fastgen.resources.conversion import check_change
from fastgen.resources.fill import UnusableFill, fill_of
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
        ("str:optional", "str", "fastgen generate field Shop name:str --fill VALUE"),
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


@pytest.mark.parametrize("field", ["str", "int", "bool", "date", "enum:a:b"])
def test_existing_rows_never_get_a_value_that_nobody_gave(field):
    with pytest.raises(BadField) as refusal:
        check_change(SHOP, None, parse_field(f"name:{field}"))
    command = f"`fastgen generate field Shop name:{field} --fill VALUE`"
    assert command in str(refusal.value)
    assert "default=VALUE, or make it optional" in str(refusal.value)
    check_change(SHOP, None, parse_field(f"name:{field}"), filled=True)


@pytest.mark.parametrize(
    "field", ["email", "ref:Shop", "list:str:min=1", "str:unique", "bytes"]
)
def test_what_has_no_default_has_no_value_for_existing_rows(field):
    with pytest.raises(BadField, match="no value for it; make it optional"):
        check_change(SHOP, None, parse_field(f"name:{field}"))
    check_change(SHOP, None, parse_field(f"name:{field}:optional"))


@pytest.mark.parametrize("field", ["str:min=3:default=abc", "list:int", "json"])
def test_existing_rows_get_a_default_or_an_empty_list(field):
    check_change(SHOP, None, parse_field(f"name:{field}"))


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        (["size:int:min=5"], "4", "'4' is below min=5"),
        (["size:int"], "many", "'many' is not of the type int"),
        (["code:str:pattern=^[a-z]$"], "A", "'A' does not match the pattern"),
        (["code:str:unique"], "a", "a unique field has no default"),
        (["mail:email"], "a@example.com", "email has no default"),
        (["size:int", "code:str"], "1", "this command has 2 such fields"),
        (["size:int:optional"], "1", "this command has 0 such fields"),
    ],
)
def test_a_value_of_existing_rows_that_cannot_be_is_refused(fields, value, words):
    with pytest.raises(UnusableFill) as refusal:
        fill_of("Shop", [parse_field(field) for field in fields], value)
    assert words in str(refusal.value)
