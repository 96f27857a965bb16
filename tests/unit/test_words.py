"""The words in templates that stand for a name."""

import pytest

from fastgen.catalog.facts import Facts, Router, Setting
from fastgen.render.jinja import rendered_text
from fastgen.render.words import (
    Names,
    as_template,
    named_facts,
    named_path,
    named_text,
)

ITEM = Names("OrderItem", "order_items")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("class Thing(Base):", "class OrderItem(Base):"),
        ("class ThingCreate:", "class OrderItemCreate:"),
        ("NewThing, HTTPThing, Thing2", "NewOrderItem, HTTPOrderItem, OrderItem2"),
        ("class ThingsPage:", "class OrderItemsPage:"),
        ("def list_things():", "def list_order_items():"),
        ("thing_id, _thing, thing2", "order_item_id, _order_item, order_item2"),
        ("for thing in things:", "for order_item in order_items:"),
        ("{thing.title}", "{order_item.title}"),
        ("MAX_THINGS, THING_BY_ID", "MAX_ORDER_ITEMS, ORDER_ITEM_BY_ID"),
        ("thingId, thingsById", "orderItemId, orderItemsById"),
        ('"/things/{thing_id}"', '"/order-items/{order_item_id}"'),
        ('f"{BASE}/thing"', 'f"{BASE}/order-item"'),
        ("see src/myapi/things/models.py", "see src/myapi/order_items/models.py"),
        ("from myapi.things import thing", "from myapi.order_items import order_item"),
    ],
)
def test_a_word_becomes_the_name_in_its_own_spelling(text: str, named: str) -> None:
    assert named_text(text, ITEM) == named


@pytest.mark.parametrize(
    "text",
    [
        "something, anything, nothing_else, playthings",
        "Something, Anything, Nothing",
        "SOMETHING = NOTHINGS",
        "Thingy, thingy, THINGY, thingss",
        "éthing, 2things",
    ],
)
def test_a_part_of_another_word_stays(text: str) -> None:
    assert named_text(text, ITEM) == text


def test_a_path_has_the_name_as_a_package_has_it() -> None:
    path = named_path("src/myapi/things/thing_router.py", ITEM)
    assert path == "src/myapi/order_items/order_item_router.py"
    assert named_path("tests/test_things.py", ITEM) == "tests/test_order_items.py"
    assert named_path("src/myapi/something.py", ITEM) == "src/myapi/something.py"


def test_facts_have_the_name_in_all_their_texts() -> None:
    facts = Facts(
        routers=(Router("things", "myapi.things.router"),),
        settings=(Setting("thing", "ThingSettings", "myapi.things.settings"),),
        ignored=("/var/things.log",),
    )
    assert named_facts(facts, ITEM) == Facts(
        routers=(Router("order_items", "myapi.order_items.router"),),
        settings=(
            Setting("order_item", "OrderItemSettings", "myapi.order_items.settings"),
        ),
        ignored=("/var/order_items.log",),
    )


def test_a_router_does_not_hide_a_variable_of_main() -> None:
    facts = Facts(routers=(Router("thing", "myapi.thing.router"),))
    (router,) = named_facts(facts, Names("Health", "healths")).routers
    assert (router.name, router.module) == ("health_router", "myapi.health.router")


HIDING = Names("List", "lists")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("thing = await get_thing(thing_id)", "list_row = await get_list(list_row_id)"),
        ("if thing is None:", "if list_row is None:"),
        ("from myapi.thing import router", "from myapi.list import router"),
        ('f"No thing {thing_id}."', 'f"No list {list_row_id}."'),
    ],
)
def test_a_variable_hides_nothing(text: str, named: str) -> None:
    assert named_text(text, HIDING) == named


def test_a_word_of_a_sentence_in_a_string_or_a_comment_is_prose() -> None:
    text = '"""A list of things."""  # one thing, or more\nthings = "things"'
    assert named_text(text, ITEM) == (
        '"""A list of order items."""  # one order item, or more\n'
        'order_items = "order_items"'
    )


@pytest.mark.parametrize("names", [ITEM, HIDING, Names("ThingBox", "thing_boxes")])
@pytest.mark.parametrize(
    "text",
    [
        'async def read_thing(thing_id: UUID) -> Thing:  # "{thing}"\n',
        '@router.get("/things/{thing_id}")\nurl = f"{URL}/{thing.id}"\n',
        '"""A thing of many things."""\nTHINGS = {"thing": {thing}}\n',
    ],
)
def test_a_template_renders_to_the_text_with_the_names(text: str, names: Names) -> None:
    template = as_template(text, "words")
    rendered = rendered_text(template, {"words": names}, "a.py.jinja")
    assert rendered == named_text(text, names)


def test_words_in_expressions_of_a_template_stay() -> None:
    text = '{{ "things" }}{% set thing = 1 %}\n# % if thing\nthing\n# % endif\n'
    assert as_template(text, "words") == (
        '{{ "things" }}{% set thing = 1 %}\n# % if thing\n'
        "{{ words.variable }}\n# % endif\n"
    )
