"""Fields as they are written: what there can be, and where a mistake is."""

from dataclasses import replace

import pytest

from fastgen.resources.associations import associations_of
from fastgen.resources.checks import NothingCanBeFirst, check_resources
from fastgen.resources.grammar import BadField, parse_field
from fastgen.resources.in_spec import kept_resource, kept_tables, kept_text
from fastgen.resources.lines.decimal_pattern import decimal_pattern
from fastgen.resources.names import (
    InvalidResourceName,
    ReservedResourceName,
    check_resource_name,
    plural_of,
)
from fastgen.resources.references import in_circle
from fastgen.resources.samples import samples_of
from tests.resources import ACCESSES, USER, granted, resource


@pytest.mark.parametrize(
    ("text", "definition"),
    [
        ("title:str", "str"),
        ("title:str:unique:max=120:min=2", "str:unique:min=2:max=120"),
        ("price:decimal:10:2", "decimal:10:2"),
        ("state:enum:draft:live:default=draft", "enum:draft:live:default=draft"),
        ("tags:list:str:max=5", "list:str:max=5"),
        ("owner:ref:Shop:optional:cascade", "ref:Shop:cascade:optional"),
        ("tags:many:Tag", "many:Tag"),
        (r"opens:time:default=09\:30", r"time:default=09\:30"),
        (r"code:str:pattern=^a\:[0-9]+$", r"str:pattern=^a\:[0-9]+$"),
    ],
)
def test_a_field_is_recorded_in_one_form(text, definition):
    field = parse_field(text)
    assert field.definition == definition
    assert parse_field(field.text) == field


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("title", 6, "a type has to follow"),
        ("title:strr", 7, "did you mean str?"),
        ("Title:str", 1, "small letters"),
        ("class:str", 1, "keyword"),
        ("id:int", 1, "a column of every resource already"),
        ("metadata:json", 1, "attribute of SQLAlchemy's models"),
        ("title:str:optionl", 11, "did you mean optional?"),
        ("title:str:max=0", 11, "from 1"),
        ("title:str:min=9:max=3", 11, "above max"),
        ("title:str:unique:unique", 18, "twice"),
        ("price:decimal", 7, "decimal:DIGITS:PLACES"),
        ("price:decimal:20:2", 15, "1 to 15 digits"),
        ("price:decimal:4:2:default=123.4", 19, "does not fit"),
        ("n:int:default=x", 7, "not of the type int"),
        ("n:int:default=3:min=5", 7, "below min"),
        ("n:int:default=99999999999", 7, "not of the type int"),
        ("n:int:pattern=a", 7, "has no pattern"),
        ("on:bool:unique", 9, "cannot be unique"),
        ("state:enum:one", 7, "enum:VALUE"),
        ("state:enum:a:a", 14, "twice"),
        ("state:enum:a:b:default=c", 16, "none of a, b"),
        ("tags:list:dict", 11, "list:TYPE"),
        ("shop:ref:Shop:setnull", 6, "optional alone"),
        ("code:str:pattern=(", 10, "no regular expression"),
        ("code:str:pattern=a(?=b)", 10, "look-around"),
        (r"code:str:pattern=(a)\1", 10, "backreferences"),
        (r"code:str:pattern=^a\Z", 10, "unrecognized escape sequence"),
        ("code:str:pattern=^[^]]{,3}$", 10, "repetition quantifier"),
        ("day:date:default=31.12.2030", 10, "not of the type date"),
        ("at:datetime:default=2030-01-01", 13, "not of the type datetime"),
        ("views:int:readonly", 11, "optional, or has a default"),
        ("tags:many", 6, "many:RESOURCE"),
        ("tags:many:Tag:cascade", 15, "many:RESOURCE"),
        ("tags:many:Tag:optional", 15, "optional does not go with many"),
        ("tags:many:Tag:unique", 15, "unique does not go with many"),
        ("tags:many:Tag:max=5", 15, "max does not go with many"),
        ("tags:many:Tag:default=", 15, "default does not go with many"),
    ],
)
def test_a_mistake_is_said_with_its_column(text, column, words):
    with pytest.raises(BadField) as refusal:
        parse_field(text)
    assert refusal.value.facts["column"] == column
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("Category", "categories"),
        ("OrderItem", "order_items"),
        ("Pokemon", "pokemon"),
        ("Data", "data"),
        ("News", "news"),
        ("Class", "classes"),
        ("Metadata", "metadata"),
        ("HTTPRequest", "http_requests"),
    ],
)
def test_plurals(name, plural):
    check_resource_name(name, ())
    assert plural_of(name) == plural


@pytest.mark.parametrize("name", ["product", "Order-Item", "Ünit", "", "1st", "A" * 99])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(InvalidResourceName):
        check_resource_name(name, ())


@pytest.mark.parametrize("name", ["User", "None", "Record", "BaseModel"])
def test_a_name_that_is_taken_is_refused(name):
    with pytest.raises(ReservedResourceName):
        check_resource_name(name, ("User",))


def test_a_reference_to_nothing_is_refused_with_what_there_is():
    shop = resource("Shop", "owner:ref:Owner")
    with pytest.raises(BadField, match=r"column 11.*did you mean Owners\?"):
        check_resources({"Shop": shop, "Owners": resource("Owners")}, {})


def test_a_circle_of_required_references_is_refused():
    egg, hen = resource("Egg", "hen:ref:Hen"), resource("Hen", "egg:ref:Egg")
    with pytest.raises(NothingCanBeFirst):
        check_resources({"Egg": egg, "Hen": hen}, {})
    free = resource("Hen", "egg:ref:Egg:optional")
    check_resources({"Egg": egg, "Hen": free}, {})


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("tags:many:Tga", "column 11: unknown resource 'Tga'"),
        ("users:many:User", "column 12: User is a model of a module"),
        ("secrets:many:Secret", "column 14: the rows of Secret are for administrators"),
        ("notes:many:Note", "column 12: each row of Note belongs to a user"),
        ("sizes:many:Tag", "column 1: its table would be shops_sizes, and Size has"),
        ("a" * 40 + ":many:Warehouse", "column 1: .* too long together"),
    ],
)
def test_many_of_what_it_cannot_have_are_refused(field, words):
    others = (
        resource("Tag"),
        resource("Warehouse"),
        resource("Secret", access="admin-only"),
        resource("Note", access="owner"),
        resource("Size", plural="shops_sizes"),
    )
    shop = resource("Shop", field)
    with pytest.raises(BadField, match=words):
        check_resources({r.name: r for r in (shop, *others)}, USER)


def test_many_may_lead_round_in_a_circle():
    egg, hen = resource("Egg", "hens:many:Hen"), resource("Hen", "eggs:many:Egg")
    same = resource("Cock", "rivals:many:Cock", "hens:many:Hen", "mates:many:Hen")
    found = {r.name: r for r in (egg, hen, same)}
    check_resources(found, {})
    assert in_circle("Egg", found) == {"Hen"}
    assert in_circle("Cock", found) == set()


def test_pairs_of_one_resource_have_two_columns():
    cock = resource("Cock", "rivals:many:Cock", "hens:many:Hen")
    rivals, hens = associations_of(cock, {"Cock": "cocks", "Hen": "hens"})
    assert (rivals.table, rivals.own_column) == ("cocks_rivals", "cock_id")
    assert rivals.target_column == "other_cock_id"
    assert (hens.table, hens.target_column) == ("cocks_hens", "hen_id")


def test_names_that_are_too_long_for_a_constraint_with_the_owner_are_refused():
    name = f"{'a' * 40}:int:unique"
    note = replace(resource("Note", name), plural="notes_of_all")
    check_resources({"Note": note}, USER)
    access, scope = granted("owner")
    owned = replace(note, access=access, scope=scope)
    with pytest.raises(BadField, match=r"column 1: .* too long together"):
        check_resources({"Note": owned}, USER)


def test_what_is_kept_of_a_resource_makes_it_again():
    shop = resource(
        "Shop", r"name:str:pattern=^[a-z ']+$", r"opens:time:default=09\:00"
    )
    assert kept_resource("shops", kept_text(shop), ACCESSES) == shop
    assert kept_resource("users", "auth", ACCESSES) is None


def test_what_is_kept_of_a_resource_are_its_pairs_too():
    shop = resource("Shop", "name:str", "tags:many:Tag")
    kept = {"shops": kept_text(shop), "users": "auth"}
    assert kept_tables(kept) == ("shops", "shops_tags", "users")


@pytest.mark.parametrize("bounds", ["", ":min=0", ":min=0.01", ":min=-5:max=7"])
def test_the_pattern_of_a_decimal_is_what_it_accepts(bounds):
    import re
    from decimal import Decimal

    field = parse_field(f"price:decimal:3:2{bounds}")
    low = Decimal(field.min or "-9.99")
    high = Decimal(field.max or "9.99")
    for number in range(-999, 1000):
        value = Decimal(number) / 100
        matches = bool(re.search(decimal_pattern(field), f"{value:.2f}"))
        assert matches == (low <= value <= high), value


def test_samples_are_of_the_length_that_is_asked_for():
    samples = samples_of(parse_field("code:str:min=3:max=3"))
    assert [len(eval(text)) for text in (samples.create, samples.update)] == [3, 3]  # noqa: S307
    assert samples.create != samples.update
