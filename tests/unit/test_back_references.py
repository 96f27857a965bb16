"""How the other side of a reference is called."""

import pytest

from fastgen.resources.back_references import back_name, back_references, backs_near
from tests.resources import resource


def names(*resources, target="Category"):
    found = back_references({each.name: each for each in resources})
    return [(b.source, b.field.name, b.name) for b in found.get(target, ())]


def test_it_is_called_like_the_rows_that_refer():
    lines = resource("OrderLine", "category:ref:Category")
    tags = resource("Tag", "categories:many:Category")
    assert names(resource("Category"), lines, tags) == [
        ("OrderLine", "category", "order_lines"),
        ("Tag", "categories", "tags"),
    ]


def test_a_second_reference_does_not_rename_the_first_one():
    fields = ["category:ref:Category", "second:ref:Category:optional"]
    shown = "shown_in:many:Category"
    assert names(resource("Category"), resource("Product", *fields, shown)) == [
        ("Product", "category", "products"),
        ("Product", "second", "products_by_second"),
        ("Product", "shown_in", "products_by_shown_in"),
    ]


def test_a_reference_to_its_own_resource_is_called_by_its_field():
    fields = ["parent:ref:Category:optional", "related:many:Category"]
    assert names(resource("Category", *fields)) == [
        ("Category", "parent", "categories_by_parent"),
        ("Category", "related", "categories_by_related"),
    ]


@pytest.mark.parametrize("taken", ["products:int", "products:many:Tag"])
def test_a_field_of_the_target_keeps_its_name(taken):
    product = resource("Product", "category:ref:Category")
    found = names(resource("Category", taken), product, resource("Tag"))
    assert found == [("Product", "category", "products_by_category")]


def test_without_a_free_name_there_is_none():
    fields = ["products:int", "products_by_category:int"]
    product = resource("Product", "category:ref:Category")
    assert names(resource("Category", *fields), product) == []


@pytest.mark.parametrize("plural", ["metadata", "schema", "dict", "date", "created_at"])
def test_a_name_of_the_base_or_of_python_is_not_hidden(plural):
    product = resource("Product", "category:ref:Category", plural=plural)
    (found,) = names(resource("Category"), product)
    assert found[2] == f"{plural}_by_category"


def test_models_of_modules_have_none():
    product = resource("Product", "editor:ref:User")
    assert back_references({"Product": product}) == {}


def test_only_those_of_a_resource_count_for_its_files():
    category, tag = resource("Category"), resource("Tag", "category:ref:Category")
    product = resource("Product", "category:ref:Category", "tags:many:Tag")
    every = back_references({each.name: each for each in (category, tag, product)})
    assert backs_near("Category", every)["Category"] == every["Category"]
    found = backs_near("Product", every)
    assert [b.source for b in found["Category"]] == ["Product"]
    field = product.by_name["category"]
    assert back_name("Product", field, found) == "products"
    assert back_name("Tag", tag.by_name["category"], found) == ""
