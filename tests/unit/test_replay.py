"""What is read of a project's migrations, which are parsed and never run."""

import pytest

from fastgen.migrations.schema import Schema
from fastgen.migrations.unread import unread_findings
from fastgen.resources.tables import Table, stored_tables
from fastgen.resources.trigrams import created_indexes, dropped_indexes
from tests.migrations import replayed
from tests.resources import resource


def test_operations_are_replayed_in_their_order() -> None:
    tags = replayed().tables["tags"]
    assert {n: c.type for n, c in tags.columns.items()} == {
        "id": "sa.Uuid()",
        "name": "sa.Text()",
        "size": "sa.Integer()",
    }
    assert [r.name for r in tags.rules_on("uq", ("name",))] == [None, "one_label"]
    assert [r.name for r in tags.rules_on("ix", ("size",))] == ["by_size"]
    assert (tags.gone["label"].renamed, tags.clear) == ("name", True)


HELPERS = """
def drop(table, *columns, op=op):
    for column in columns:
        op.drop_column(table, column)

def stamps(kind=sa.Date()):
    required = False
    return [sa.Column(name, kind, nullable=required) for name in STAMPS]

def column(name, length=10):
    return sa.Column(name, sa.String(length))

def add_all(batch):
    for each in stamps():
        batch.add_column(each)

def is_postgres():
    return op.get_bind().dialect.name == "postgresql"

def has_column(table, name):
    found = sa.inspect(op.get_bind()).get_columns(table)
    return name in [each["name"] for each in found]
"""


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("for name in COLUMNS: op.drop_column(TAGS, name)", "id name"),
        (
            """
            for table, names in {"tags": ("size", "name"), "users": ()}.items():
                with op.batch_alter_table(table) as batch:
                    for name in names:
                        batch.drop_column(name)
            """,
            "id",
        ),
        (
            "for at, n in enumerate(['a', 'b']):"
            " op.add_column('tags', sa.Column(f'{n}_{at}', sa.Date()))",
            "id name size a_0 b_1",
        ),
        ("op.drop_column('ta' + 'gs', '%s_'.replace('_', '') % 'size')", "id name"),
        ("drop(TAGS, *COLUMNS, 'name')", "id"),
        ("from alembic.op import drop_column as d\nd(TAGS, 'size')", "id name"),
        ("for t, n in zip([TAGS], COLUMNS, strict=True): drop(t, n)", "id name"),
        ("for n in names():\n    pass\nelse: drop(TAGS, 'size')", "id name"),
        ("try: drop(TAGS, 'size')\nexcept Exception: raise", "id name"),
        ("is_postgres() and op.drop_column(TAGS, 'size')", "id name"),
        ("drop(table=TAGS)", "id name size"),
        ("op.add_column(TAGS, column('mark', length=3))", "id name size mark"),
        ("[op.add_column(TAGS, c) for c in stamps()]", "id name size made sent"),
        (
            "with op.batch_alter_table(TAGS) as b: add_all(b)",
            "id name size made sent",
        ),
        (
            "globals()['add_' + 'all'](op.batch_alter_table(TAGS))",
            "id name size made sent",
        ),
        ("if is_postgres(): op.drop_column(TAGS, 'size')", "id name"),
        (
            """
            bind = op.get_bind()
            if bind.dialect.name in ("sqlite", "mysql"):
                return
            op.drop_column("tags", "size")
            """,
            "id name",
        ),
        (
            """
            match op.get_context().dialect.name:
                case "sqlite" | "mysql":
                    op.drop_column("tags", "name")
                case _:
                    op.drop_column("tags", "size")
            """,
            "id name",
        ),
        (
            "if not has_column('tags', 'made'): op.add_column('tags', column('made'))",
            "id name size made",
        ),
        (
            """
            if has_column("tags", "made"):
                return
            op.add_column("tags", column("made"))
            """,
            "id name size made",
        ),
        (
            """
            def inner(name):
                op.drop_column(table, name)
            table = op.f("tags")
            inner("size")
            """,
            "id name",
        ),
        (
            """
            with op.get_context().autocommit_block():
                op.execute(sa.text('alter table only public."tags" drop column size'))
            """,
            "id name",
        ),
        (
            """
            op.get_bind().exec_driver_sql('''
                -- ALTER TABLE tags DROP COLUMN id;
                ALTER TABLE tags RENAME name TO title, ADD made TIMESTAMP NOT NULL;
                UPDATE tags SET title = 'ALTER TABLE tags DROP COLUMN id;';
            ''')
            """,
            "id title size made",
        ),
        (
            """
            op.execute("CREATE TABLE new (id UUID PRIMARY KEY, size NUMERIC(4, 2))")
            op.execute("INSERT INTO new SELECT id, size FROM tags")
            op.execute("DROP TABLE IF EXISTS tags")
            op.execute("ALTER TABLE new RENAME TO tags")
            """,
            "id size",
        ),
    ],
)
def test_columns_of_a_table_are_known_however_a_migration_is_written(
    body: str, columns: str
) -> None:
    schema = replayed(body, HELPERS, "postgresql")
    tags = schema.tables["tags"]
    assert [*tags.columns] == columns.split()
    assert (tags.clear, schema.clear) == (True, True)


@pytest.mark.parametrize(
    "body",
    [
        "op.rename_table('tags', 'marks')",
        "op.execute('ALTER TABLE tags RENAME TO marks')",
        "for old, new in {TAGS: 'marks'}.items(): op.rename_table(old, new)",
    ],
)
def test_a_renamed_table_keeps_its_columns(body: str) -> None:
    found = replayed(body)
    assert found.tables["marks"].columns.keys() == {"id", "name", "size"}
    assert found.gone["tags"].renamed == "marks"


@pytest.mark.parametrize(
    "body",
    [
        "op.execute('UPDATE tags SET size = 1')",
        "op.execute(sa.table('tags').update().values(size=1))",
        "op.execute(sa.text('UPDATE tags SET size = :n').bindparams(n=find()))",
        "op.execute(f'DELETE FROM tags WHERE size = {find()}')",
        "tags = op.create_table('other'); op.bulk_insert(tags, [{'id': 1}])",
        "for row in op.get_bind().execute(sa.text('SELECT 1')): print(row)",
        "sa.Enum('a', 'b', name='kind').create(op.get_bind(), checkfirst=True)",
        "op.execute(\"ALTER TYPE kind ADD VALUE IF NOT EXISTS 'c'\")",
        "op.execute('CREATE INDEX CONCURRENTLY i ON tags (lower(name))')",
        "op.execute('ALTER TABLE tags ADD CONSTRAINT x CHECK (size > 1)')",
        "op.alter_column('tags', 'size', server_default=find())",
        "op.add_column('tags', sa.Column('size', sa.Text()), schema='archive')",
        "assert op.get_bind().dialect.name != 'oracle'",
        "op.drop_index('by_size')",
        "print('{t.name}'.format(t='x'))",
        "for at in range('a'): print(at)",
        "if {[1]}: print()",
    ],
)
def test_a_statement_that_changes_no_column_leaves_the_table_known(body: str) -> None:
    tags = replayed(body).tables["tags"]
    assert (tags.clear, [*tags.columns]) == (True, ["id", "name", "size"])


def test_trigram_indexes_leave_the_table_known() -> None:
    shop = resource("Tag", "name:str:search")
    (table,) = stored_tables([shop], {}).values()
    body = "\n".join([*created_indexes(table), *dropped_indexes(table, Table("x", {}))])
    tags = replayed(body).tables["tags"]
    assert (tags.clear, [*tags.columns]) == (True, ["id", "name", "size"])
    assert not any(
        rule.columns == ("name",) for rule in tags.rules if rule.kind == "ix"
    )


@pytest.mark.parametrize(
    ("body", "tables"),
    [
        ("for table in helpers.TABLES: op.drop_column(table, 'size')", "tags users"),
        ("if helpers.is_new(): op.drop_column('tags', 'size')", "tags"),
        ("try: op.drop_column('tags', 'size')\nexcept Exception: pass", "tags"),
        ("add_stamps('tags')", "tags"),
        ("helpers.add_stamps(op)", "tags users"),
        ("op.execute(open('up.sql').read())", "tags users"),
        ("op.execute(f'ALTER TABLE {helpers.TABLE} DROP COLUMN size')", "tags users"),
        ("op.execute('ALTER TABLE tags SPLIT PARTITION x')", "tags"),
        ("op.execute('DO $$ BEGIN ALTER TABLE tags ADD x INT; END $$')", "tags"),
        (
            "op.execute('DO $$ BEGIN NULL; EXCEPTION WHEN others THEN'"
            "' ALTER TABLE tags ADD x INT; END $$')",
            "tags",
        ),
        ("op.add_column('tags', helpers.column('size'))", "tags"),
        ("op.create_audited_table('tags')", "tags"),
        ("getattr(op, helpers.NAME)('tags', 'size')", "tags"),
        ("helpers.metadata.create_all(op.get_bind())", "tags users"),
        ("loop()", "tags users"),
        ("globals()[helpers.NAME]()", "tags users"),
        ("drop(*helpers.NAMES)", "tags users"),
        ("n = []\nn.append(helpers.NAME)\nfor each in n: drop(each)", "tags users"),
        ("for a in range(1001): op.drop_column('tags', 'size')", "tags"),
        ("try: pass\nexcept Exception: op.drop_column('tags', 'size')", "tags"),
        ("try: x = find()\nexcept E: pass\nelse: op.drop_table('users')", "users"),
        ("while find(): break\nelse: op.drop_column('tags', 'size')", "tags"),
        ("find() and op.drop_table('users')", "users"),
        ("op.drop_table('users') if find() else None", "users"),
        ("op.execute('CREATE TABLE tags (LIKE users INCLUDING ALL)')", "tags users"),
        ("n = []\nm = n\nm.append(helpers.NAME)\nfor t in n: drop(t)", "tags users"),
        (
            "n = ['a']\nm = n\nm += helpers.N\nfor c in n: op.drop_column('tags', c)",
            "tags",
        ),
        ("for a in range(999):\n    for b in range(99): drop('users')", "tags users"),
    ],
)
def test_what_cannot_be_read_is_reported_for_the_tables_that_it_may_change(
    body: str, tables: str
) -> None:
    module = """
        def drop(table):
            op.drop_column(table, "size")

        def loop():
            while True:
                loop()
                drop(helpers.NAME)
        """
    before = replayed(body, module)
    assert {n for n, t in before.tables.items() if not t.clear} == {*tables.split()}
    after = Schema()  # All tables change.
    found = [*unread_findings(before, after)]
    assert {f.path for f in found} == {"versions/b.py"}
    assert all(f.line for f in found)
    named = {word.strip(",:") for f in found for word in f.message.split()}
    assert named & {"tags", "users"} == {*tables.split()}


def test_a_branch_for_another_database_is_not_replayed() -> None:
    body = """
        if op.get_bind().dialect.name == "sqlite":
            op.add_column("tags", sa.Column("data", sa.JSON()))
        else:
            op.add_column("tags", sa.Column("data", sa.Text()))
        """
    types = {
        dialect: replayed(body, dialect=dialect).tables["tags"].columns["data"].type
        for dialect in ("sqlite", "postgresql", "")
    }
    assert types == {"sqlite": "sa.JSON()", "postgresql": "sa.Text()", "": None}


def test_a_table_made_after_an_unreadable_statement_is_known() -> None:
    schema = replayed("helpers.up(op)\nop.create_table('later', sa.Column('id'))")
    assert schema.tables["later"].clear
    assert not schema.tables["tags"].clear
    assert schema.unread_places("another") == ()


@pytest.mark.parametrize(
    "body",
    [
        "op.drop_constraint('tags_label_key', 'tags')",
        "op.execute('ALTER TABLE tags DROP CONSTRAINT tags_label_key')",
    ],
)
def test_a_constraint_is_dropped_by_the_name_that_the_database_gave_it(body) -> None:
    rules = replayed(body).tables["tags"].rules_on("uq", ("name",))
    assert [rule.name for rule in rules] == ["one_label"]


def test_many_statements_that_may_raise_are_read() -> None:
    tried = "try: op.execute('SELECT 1')\nexcept E as e:\n    if find(e): raise\n"
    schema = replayed(tried * 20 + "op.drop_column('tags', 'size')")
    tags = schema.tables["tags"]
    assert ([*tags.columns], tags.clear) == (["id", "name"], True)


def test_check_constraints_are_read_with_their_conditions() -> None:
    tags = replayed("""
        op.create_table(
            "notes",
            sa.Column("kind", sa.Enum("a", "b", native_enum=False,
                                      create_constraint=True, name="kind_values")),
            sa.CheckConstraint("size >= 1", name=op.f("ck_notes_size_min")),
        )
        op.create_check_constraint("ck_notes_size_max", "notes", "size <= 9")
        with op.batch_alter_table("notes") as batch_op:
            batch_op.drop_constraint("ck_notes_size_min", type_="check")
            batch_op.create_check_constraint("ck_notes_size_min", "size >= 2")
    """).tables["notes"]
    assert [(rule.kind, rule.name, rule.condition) for rule in tags.rules] == [
        ("ck", None, "kind IN ('a', 'b')"),
        ("ck", "ck_notes_size_max", "size <= 9"),
        ("ck", "ck_notes_size_min", "size >= 2"),
    ]
