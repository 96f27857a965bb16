"""What a migration says of two states of the resources' tables."""

import ast
from dataclasses import replace

import pytest

from fastgen.migrations.column_types import equal_type, portable_type, same_type
from fastgen.resources.differences import Migration, migration_between
from fastgen.resources.resource import ResourceSpec
from fastgen.resources.tables import stored_tables
from tests.resources import granted, resource


def migration(old: list[ResourceSpec], new: list[ResourceSpec]) -> Migration:
    found = migration_between(stored_tables(old, {}), stored_tables(new, {}))
    assert found is not None
    for lines in (found.up, found.down):
        ast.parse("\n".join(lines))
    return found


def calls(lines: tuple[str, ...]) -> list[str]:
    """Which operations there are, in their order."""
    nodes = ast.walk(ast.parse("\n".join(lines)))
    found = [
        (node.lineno, node.col_offset, node.func.attr)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("op", "batch_op")
        and node.func.attr not in ("f", "batch_alter_table")
    ]
    return [name for _, _, name in sorted(found)]


def test_nothing_differs():
    shop = [resource("Shop", "name:str", "tags:list:str:min=1")]
    limits = [resource("Shop", "name:str:readonly:default=x", "tags:list:str")]
    assert migration_between(stored_tables(shop, {}), stored_tables(limits, {})) is None


def test_what_is_referred_to_is_made_first():
    both = [resource("Apple", "tree:ref:Tree"), resource("Tree", "height:float")]
    made = migration([], both)
    text = "\n".join(made.up)
    assert text.index('"trees"') < text.index('"apples"')
    assert made.down == ('op.drop_table("apples")', 'op.drop_table("trees")')
    assert (made.title, made.name) == ("Makes apples, trees.", "apples_trees")


def test_a_circle_is_closed_when_both_tables_are_there():
    both = [resource("Egg", "hen:ref:Hen:optional"), resource("Hen", "egg:ref:Egg")]
    made = migration([], both)
    assert calls(made.up) == [
        "create_table",
        "create_index",
        "create_table",
        "create_index",
        "create_foreign_key",
    ]
    assert calls(made.down) == ["drop_constraint", "drop_table", "drop_table"]


def test_existing_rows_alone_get_the_default_from_the_server():
    old, new = resource("Shop"), resource("Shop", "size:int:default=5", "on:bool")
    up = migration([old], [new]).up
    text = "\n".join(up).replace("'", '"')
    assert 'sa.Column("size", sa.Integer(), server_default="5", nullable=False)' in text
    assert "server_default=sa.false()" in text
    assert calls(up) == ["add_column", "add_column", "alter_column", "alter_column"]
    assert text.count("existing_nullable=False, server_default=None)") == 2


def test_a_column_goes_with_its_index_and_its_key():
    old = resource("Shop", "city:ref:City", "code:str:unique")
    gone = migration([old, resource("City")], [resource("Shop"), resource("City")])
    assert calls(gone.up) == [
        "drop_constraint",
        "drop_index",
        "drop_constraint",
        "drop_column",
        "drop_column",
    ]
    assert "add_column" in calls(gone.down)
    assert gone.name == "shops_drop_city_id_code"


def test_json_is_binary_on_postgresql_and_created_again_as_it_was():
    variant = 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    shop = resource("Shop", "open:json", "tags:list:str")
    made = migration([], [shop])
    assert "\n".join(made.up).count(variant) == 2
    before = stored_tables([shop], {})["shops"].columns["open"]
    for text, same in ((variant, True), ("sa.JSON()", False), ("JSONDocument", True)):
        assert same_type(text, before.type)
        assert equal_type(text, before.type) is same
        assert (portable_type(text) == variant) is same


def test_a_row_of_plain_sql_has_an_id_and_times():
    up = "\n".join(
        migration([], [resource("Shop", "tags:many:Tag"), resource("Tag")]).up
    )
    assert up.count("server_default=sa.func.gen_random_uuid()") == 2
    assert up.count("server_default=sa.func.now()") == 4


def test_a_reference_that_restricts_checks_at_the_end_of_the_statement():
    city = resource("City")
    made = migration([city], [city, resource("Shop", "city:ref:City")])
    assert "ForeignKeyConstraint" in "\n".join(made.up)
    assert "ondelete" not in "\n".join(made.up)


def test_rows_get_a_value_before_null_is_forbidden():
    old, new = resource("Shop", "note:str:optional"), resource("Shop", "note:str")
    changed = migration([old], [new])
    assert calls(changed.up) == ["execute", "alter_column"]
    assert calls(changed.down) == ["alter_column"]


def test_a_key_that_acts_otherwise_is_made_anew():
    city = resource("City")
    old = resource("Shop", "city:ref:City:optional")
    new = resource("Shop", "city:ref:City:optional:cascade")
    changed = migration([old, city], [new, city])
    assert calls(changed.up) == ["drop_constraint", "create_foreign_key"]


def test_pairs_have_a_table_behind_those_of_both_sides():
    both = [
        resource("Egg", "hen:ref:Hen:optional", "nests:many:Hen"),
        resource("Hen", "eggs:many:Egg"),
    ]
    made = migration([], both)
    text = "\n".join(made.up)
    tables = ["hens", "eggs", "eggs_nests", "hens_eggs"]
    places = [text.index(f'op.create_table(\n    "{table}"') for table in tables]
    assert places == sorted(places)
    assert made.name == "eggs_hens"
    assert 'sa.PrimaryKeyConstraint("egg_id", "hen_id"' in text
    assert text.count("ondelete='CASCADE'") == 4
    assert "created_at" not in text[text.index('"eggs_nests"') :]


def test_many_are_added_and_removed_without_a_change_of_the_tables_there():
    tag, old = resource("Tag"), resource("Shop")
    added = migration([old, tag], [resource("Shop", "tags:many:Tag"), tag])
    assert calls(added.up) == ["create_table", "create_index"]
    assert '"shops_tags", ["tag_id", "shop_id"]' in added.up[-1]
    assert added.down == ('op.drop_table("shops_tags")',)
    assert (added.title, added.name) == ("Makes shops_tags.", "shops_tags")


@pytest.mark.parametrize("field", ["tree:ref:Tree", "code:str:unique", "due:date"])
def test_what_is_dropped_comes_back_empty_where_nothing_can_stand_for_it(field):
    trees = resource("Tree", "height:float")
    made = migration([trees, resource("Apple", field)], [trees, resource("Apple")])
    (added,) = [line for line in made.down if "add_column" in line]
    assert "nullable=True" in added


def test_what_is_unique_among_the_rows_of_each_user_is_so_among_all_without_owners():
    trees, everybodys = resource("Tree"), resource("Apple", "code:str:unique")
    access, scope = granted("owner")
    owned = replace(everybodys, access=access, scope=scope)
    changed = migration([owned, trees], [everybodys, trees])
    assert calls(changed.up) == [
        "drop_constraint",
        "drop_index",
        "drop_constraint",
        "drop_column",
        "create_unique_constraint",
    ]
    up, down = "\n".join(changed.up), "\n".join(changed.down)
    assert up.index("uq_apples_owner_id_code") < up.index('"uq_apples_code"), ["code"]')
    assert '"uq_apples_owner_id_code"), ["owner_id", "code"]' in down


def test_a_reference_that_is_unique_for_each_user_has_an_index_of_its_own():
    access, scope = granted("owner")
    apple = resource("Apple", "tree:ref:Tree:unique")
    apple = replace(apple, access=access, scope=scope)
    (table,) = stored_tables([apple], {}).values()
    assert table.columns["tree_id"].unique == ("owner_id", "tree_id")
    assert table.columns["tree_id"].index


def test_rules_are_constraints_of_the_table():
    rules = ["size:int:min=5:max=9", "name:str:min=2:max=9", "state:enum:new:old"]
    up = "\n".join(migration([], [resource("Shop", *rules)]).up)
    named = [line.strip() for line in up.splitlines() if "CheckConstraint" in line]
    assert named == [
        """sa.CheckConstraint('size >= 5', name=op.f("ck_shops_size_min")),""",
        """sa.CheckConstraint('size <= 9', name=op.f("ck_shops_size_max")),""",
        """sa.CheckConstraint('length(name) >= 2', name=op.f("ck_shops_name_min")),""",
        """sa.CheckConstraint("state IN ('new', 'old')","""
        """ name=op.f("ck_shops_state_values")),""",
    ]


def test_a_rule_is_replaced_before_and_after_the_column_changes():
    old = resource("Shop", "size:int:min=5", "state:enum:new:old")
    new = resource("Shop", "size:bigint:min=1", "state:enum:new:old:lost")
    changed = migration([old], [new])
    for lines in (changed.up, changed.down):
        assert calls(lines) == [
            *("drop_constraint", "drop_constraint", "alter_column"),
            *("create_check_constraint", "create_check_constraint"),
        ]


def test_a_column_named_like_a_keyword_is_quoted_in_its_rules():
    (up,) = [
        line
        for line in migration([], [resource("Shop", "order:int:min=1")]).up
        if "Check" in line
    ]
    assert """'"order" >= 1'""" in up


def test_a_searched_column_has_a_trigram_index_on_postgresql_alone():
    new = resource("Shop", "name:str:search", "note:text:optional:search", "size:int")
    up = "\n".join(migration([], [new]).up)
    condition = 'if op.get_context().dialect.name == "postgresql":'
    assert up.count(condition) == 1
    assert "CREATE EXTENSION IF NOT EXISTS pg_trgm;" in up.partition(condition)[2]
    assert 'INDEX trgm_shops__name ON "shops" USING gin ("name" gin_trgm_ops)' in up
    assert 'INDEX trgm_shops__note ON "shops" USING gin ("note" gin_trgm_ops)' in up


def test_a_search_comes_and_goes_with_its_index_alone():
    old = resource("Shop", "name:str", "note:str:search")
    new = resource("Shop", "name:str:search", "note:str:search")
    made = migration([old], [new])
    assert "trgm_shops__name ON" in "\n".join(made.up)
    assert "trgm_shops__note" not in "\n".join(made.up)
    assert made.down == ('op.execute("DROP INDEX IF EXISTS trgm_shops__name")',)
    assert made.title == "Changes shops.name."


def test_the_index_of_a_removed_column_is_dropped_first():
    old, new = resource("Shop", "name:str:search"), resource("Shop")
    made = migration([old], [new])
    assert made.up[0] == 'op.execute("DROP INDEX IF EXISTS trgm_shops__name")'
    assert "trgm_shops__name ON" in "\n".join(made.down)
