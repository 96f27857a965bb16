"""The query parameters of lists: which fields have which, and names that are taken."""

from dataclasses import replace

import pytest

from fastgen.resources.filters import filters_of
from fastgen.resources.grammar import BadField, parse_field
from tests.resources import resource


def names(*fields: str, many: tuple[str, ...] = ()) -> list[str]:
    return [found.name for found in filters_of(resource("Shop", *fields), many)]


CREATED = ["created_after", "created_before"]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("name:str:index", ["name"]),
        ("name:str:unique", ["name"]),
        ("state:enum:draft:live:index", ["state"]),
        ("on:bool:index", ["on"]),
        ("shop:ref:Shop:optional", ["shop_id"]),
        ("size:int:index", ["size", "size_min", "size_max"]),
        ("size:bigint:unique", ["size", "size_min", "size_max"]),
        ("size:float:index", ["size", "size_min", "size_max"]),
        ("price:decimal:10:2:index", ["price", "price_min", "price_max"]),
        ("due:date:index", ["due", "due_after", "due_before"]),
        ("sold_at:datetime:index", ["sold_at", "sold_after", "sold_before"]),
        ("opens:time:index", ["opens"]),
    ],
)
def test_an_indexed_field_has_filters_of_its_type(field, found):
    assert names(field) == [*found, *CREATED]


def test_without_a_filter_rows_have_no_range_of_their_creation():
    assert names("name:str", "size:int", "secret:str:index:writeonly") == []
    assert names("name:str:search") == CREATED
    assert names(many=("tags",)) == CREATED


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (["total:int:index"], ["total_min", "total_max"]),
        (["price:int:index", "price_min:int"], ["price"]),
        (["sold:date:index", "sold_at:date:index"], ["sold", "sold_at", "sold_after"]),
        (["name:str:search", "search:str:index"], []),
        (["search:str:index"], ["search"]),
        (["format:str:index"], ["format"]),
    ],
)
def test_a_filter_whose_name_is_taken_is_left_out(fields, found):
    more = ["sold_before"] if "sold_after" in found else []
    assert names(*fields) == [*found, *more, *CREATED]


def test_a_range_of_the_creation_gives_way_to_a_field():
    assert names("created_after:int:index") == [
        "created_after",
        "created_after_min",
        "created_after_max",
    ]


def test_the_format_of_an_export_is_no_filter():
    shop = replace(resource("Shop", "format:int:index"), flags=("bulk",))
    assert [each.name for each in filters_of(shop, ())] == [
        "format_min",
        "format_max",
        *CREATED,
    ]


@pytest.mark.parametrize("kind", ["str", "text", "email", "url"])
def test_a_text_can_be_searched(kind):
    field = parse_field(f"note:{kind}:search")
    assert field.search
    assert field.definition == f"{kind}:search"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("size:int:search", "column 10: int cannot be searched"),
        ("state:enum:a:b:search", "column 16: enum cannot be searched"),
        ("tags:many:Tag:search", "search does not go with many"),
        ("key:str:search:writeonly", "column 9: a field that is writeonly cannot be"),
    ],
)
def test_what_has_no_text_to_show_cannot_be_searched(text, problem):
    with pytest.raises(BadField, match=problem):
        parse_field(text)
