"""CHECK constraints that the user changed, in the next migration of fastgen."""

import pytest

from fastgen.migrations.existing_checks import with_full_names
from fastgen.migrations.existing_tables import as_existing
from fastgen.migrations.project_tables import ProjectTables
from fastgen.plan import Finding
from fastgen.resources.constraint_names import DEFAULT_NAMES
from fastgen.resources.differences import migration_between
from fastgen.resources.rules import with_renamed_column
from fastgen.resources.tables import stored_tables
from tests.migrations import replayed
from tests.resources import resource

CREATED = """
op.create_table(
    "shops",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("status", sa.String(length=50), nullable=False),
    sa.CheckConstraint("status IN ('a', 'b')", name=op.f("ck_shops_status_values")),
)
with op.batch_alter_table("shops") as batch_op:
    batch_op.drop_constraint({name}, type_="check")
    batch_op.create_check_constraint({name}, {condition!r})
"""
LONG = 'op.f("ck_shops_status_values")'


def migrated(
    condition: str, old: str, new: str, name: str = LONG
) -> tuple[list[str], tuple[Finding, ...]]:
    """The upgrade from `old` to `new` where the user replaced the constraint."""
    before = stored_tables([resource("Shop", old)], {})
    after = stored_tables([resource("Shop", new)], {})
    schema = replayed(CREATED.format(name=name, condition=condition))
    around = ProjectTables(with_full_names(schema, DEFAULT_NAMES))
    found = as_existing(before, after, around)
    migration = migration_between(found.before, found.after, around.constraint_names)
    lines = [line.strip() for line in migration.up] if migration else []
    return lines, found.findings


@pytest.mark.parametrize(
    ("users", "new", "condition"),
    [
        ("'a', 'b', 'sold'", "a:b:gone", "'a', 'b', 'sold', 'gone'"),
        ("'a', 'b', 'sold'", "a:c", "'a', 'sold', 'c'"),
        ("'a'", "a:b:gone", "'a', 'gone'"),
    ],
)
def test_values_that_the_user_changed_stay_changed(
    users: str, new: str, condition: str
) -> None:
    lines, findings = migrated(
        f"status IN ({users})", "status:enum:a:b", f"status:enum:{new}"
    )
    assert lines[-1] == (
        'batch_op.create_check_constraint(op.f("ck_shops_status_values"),'
        f' "status IN ({condition})")'
    )
    assert findings == ()


def test_a_value_that_the_user_already_added_needs_no_migration() -> None:
    new = "status:enum:a:b:gone"
    users = "status IN ('a', 'b', 'sold', 'gone')"
    assert migrated(users, "status:enum:a:b", new) == ([], ())


def test_a_replaced_condition_that_is_no_list_is_reported() -> None:
    new = "status:enum:a:b:gone"
    lines, findings = migrated("length(status) < 9", "status:enum:a:b", new)
    assert "status IN ('a', 'b', 'gone')" in lines[-1]
    (finding,) = findings
    assert (finding.path, finding.line) == ("versions/b.py", 21)
    assert "replaces this CHECK constraint of shops.status" in finding.message


def test_a_constraint_under_its_short_name_is_the_same_constraint() -> None:
    users = "status IN ('a', 'b', 'sold')"
    old, new = "status:enum:a:b", "status:enum:a:b:gone"
    assert migrated(users, old, new, '"status_values"') == migrated(users, old, new)


def test_a_constraint_follows_its_renamed_column_and_keeps_its_name() -> None:
    renamed = """
        op.create_table(
            "shops",
            sa.Column("state", sa.String(length=50), nullable=False),
            sa.CheckConstraint("state IN ('state', 'b')", name="ck_shops_state_values"),
        )
        op.alter_column("shops", "state", new_column_name="order")
        """
    around = ProjectTables(replayed(renamed))
    old, new = ("order:enum:state:b", "order:enum:state:b:gone")
    before = stored_tables([resource("Shop", old)], {})
    after = stored_tables([resource("Shop", new)], {})
    found = as_existing(before, after, around)
    migration = migration_between(found.before, found.after, around.constraint_names)
    assert migration is not None
    assert [line.strip() for line in migration.up if "_constraint(" in line] == [
        'batch_op.drop_constraint(op.f("ck_shops_state_values"), type_="check")',
        'batch_op.create_check_constraint(op.f("ck_shops_order_values"),'
        " '\"order\" IN (\\'state\\', \\'b\\', \\'gone\\')')",
    ]


def test_a_dropped_column_takes_its_constraints_along() -> None:
    schema = replayed(
        CREATED.format(name=LONG, condition="status IN ('a')")
        + 'op.drop_column("shops", "status")\n'
    )
    assert schema.tables["shops"].rules == ()


@pytest.mark.parametrize(
    ("condition", "renamed"),
    [
        ("length(length) >= 3", "length(size) >= 3"),
        ("length.a > length AND b = 'length'", "length.a > size AND b = 'length'"),
        ('"length" > 1', "size > 1"),
    ],
)
def test_a_renamed_column_is_neither_a_function_nor_a_table_nor_a_text(
    condition: str, renamed: str
) -> None:
    assert with_renamed_column(condition, "length", "size") == renamed
