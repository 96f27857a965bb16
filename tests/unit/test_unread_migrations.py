"""A migration that cannot be read for sure is reported: it never gives a wrong table,
an error, or work without end."""

import time

import pytest

from fastgen.migrations.chain import NoHead, history
from fastgen.migrations.replay import schema_of
from fastgen.tree import File
from tests.migrations import replayed

DROP = """
from functools import partial
from contextlib import suppress

def drop(table="tags"):
    op.drop_column(table, "size")

def each(function, values):
    for value in values:
        function(value)
"""


def unread(body: str, module: str = DROP, **code: str) -> set[str]:
    """The tables that a migration may change in a way that is unknown."""
    tables = replayed(body, module, "postgresql", **code).tables
    return {name for name, table in tables.items() if not table.clear}


def columns(body: str, module: str = DROP, **code: str) -> list[str]:
    """The columns of `tags`, all of which are known."""
    table = replayed(body, module, "postgresql", **code).tables["tags"]
    assert table.clear
    return [*table.columns]


@pytest.mark.parametrize(
    "module",
    [
        "@retry\ndef up(): op.drop_column('tags', 'size')",
        "async def up(): op.drop_column('tags', 'size')",
        "def up(): yield op.drop_column('tags', 'size')",
        "up = lambda: op.drop_column('tags', 'size')",
        "up = partial(op.drop_column, 'tags', 'size')",
        "up = partial(drop, 'tags')",
        "up = partial(helpers.drop, 'tags')",
        "class up:\n    def __init__(self): op.drop_column('tags', 'size')",
        "up = getattr(op, 'drop_column')",
    ],
)
def test_a_function_that_is_not_followed_is_reported_where_it_is_called(
    module: str,
) -> None:
    module = DROP + "\n" + module
    assert "tags" in unread("up()", module)
    assert columns("other()", module + "\ndef other(): pass") == ["id", "name", "size"]


@pytest.mark.parametrize(
    "body",
    [
        "list(map(drop, ['tags']))",
        "list(map(op.drop_table, ['tags']))",
        "list(map(add_stamps, ['tags']))",
        "partial(drop, 'tags')()",
        "unknown = find()\nunknown('tags')",
        "{'a': drop}[find()]()",
        "exec('op.drop_table(\"tags\")')",
        "op.get_bind().run_callable(lambda c: c.execute('ALTER TABLE tags'))",
        "class Up:\n    @staticmethod\n    def up(): drop()\nUp.up()",
        "class Up:\n    def up(self): drop()\nUp().up()",
        "drop.__call__('tags')",
        "with suppress(Exception): drop()",
        "[drop() for _ in find()]",
        "{drop() for _ in find()}",
        "with helpers.migrated(): pass",
        "(lambda: drop())()",
        "try:\n    drop()\n    raise ValueError\nexcept ValueError: pass",
    ],
)
def test_a_call_whose_effect_is_unknown_is_reported(body: str) -> None:
    assert "tags" in unread(body)


@pytest.mark.parametrize(
    "body",
    [
        "later = lambda: drop()",
        "sorted(['b', 'a'], key=lambda text: text.lower())",
        "print(*map(str.lower, ['a']))",
        "class Kind: pass\nKind()",
    ],
)
def test_a_function_that_does_not_change_tables_is_not_reported(body: str) -> None:
    assert columns(body) == ["id", "name", "size"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("op.drop_column('tags', '' or 'size')", "id name"),
        ("op.drop_column('tags', None or 'size' or 'id')", "id name"),
        ("op.drop_column('tags', 'id' and 'size')", "id name"),
        ("if ('size' and '') == '': drop()", "id name"),
        ("if drop() or True: op.drop_column('tags', 'name')", "id"),
        ("op.drop_column('tags', {'a': 'id', 'a': 'size'}['a'])", "id name"),
        ("op.drop_column('tags', ['id', 'size'][-1])", "id name"),
        ("if 1 is True: drop()", "id name size"),
        ("try: pass\nfinally: drop()", "id name"),
        ("try:\n    return\nfinally: drop()", "id name"),
        ("try: print()\nexcept E: pass\nfinally: drop()", "id name"),
        ("for n in ['a', 'b']:\n    for m in 'x': break\n    drop()", "id name"),
        ("each(drop, ['tags'])", "id name"),
        ("f = drop\nf()", "id name"),
        (
            "match 'b':\n    case 'a' | 'b' if False: pass\n    case _: drop()",
            "id name",
        ),
    ],
)
def test_expressions_and_blocks_are_read_as_python_runs_them(
    body: str, left: str
) -> None:
    assert columns(body) == left.split()


@pytest.mark.parametrize(
    "body",
    [
        # A jump that may have left what stands below it.
        "for n in find():\n    if find(): return\ndrop()",
        "for n in ['a', 'b']:\n    if find(): return\ndrop()",
        "try:\n    if find(): return\nfinally: pass\ndrop()",
        "for n in ['a', 'b']:\n    if find(): break\n    drop()",
        # A value that a statement changed.
        "if (t := find()): pass\nop.drop_column(t, 'size')",
        "names = ['id']\n(names.append(find()), 1)\n"
        "for n in names: op.drop_column('tags', n)",
        "d = {'a': ['id']}\nd['a'].append(find())\n"
        "for n in d['a']: op.drop_column('tags', n)",
        "names = ['id']\nfill(names)\nfor n in names: op.drop_column('tags', n)",
        "names = ['id']\nhelpers.fill(names)\nfor n in names: drop(n)",
        "names = ['id']\ndel names[0]\nfor n in names: op.drop_column('tags', n)",
        "n = 'id'\ndel n\nop.drop_column('tags', n)",
        "n = 'id'\nchange()\nop.drop_column('tags', NAME)",
        "n = 'id'\ntry: find()\nexcept E as n: op.drop_column('tags', n)",
        "n = 'id'\nmatch find():\n    case n: op.drop_column('tags', n)",
        "def inner(): op.drop_column('tags', n)\nn = 'id'\n"
        "if find():\n    n = find()\n    inner()",
        "c = 'id'\n[op.drop_column('tags', c) for c in find()]",
        "c = 'id'\n{op.drop_column('tags', c) for c in find()}",
    ],
)
def test_a_value_or_a_statement_that_is_not_certain_is_reported(body: str) -> None:
    module = """
def fill(names): names.append("size")
NAME = "id"
def change():
    global NAME
    NAME = "size"
"""
    assert "tags" in unread(body, DROP + module)


def test_an_argument_with_an_effect_has_it_once() -> None:
    module = "def twice(x):\n    print(x, x)\ndef never(x):\n    return 1"
    body = "{}(op.create_index('i', 'tags', ['size']))"
    for name in ("twice", "never", "y = never"):
        rules = replayed(body.format(name), module).tables["tags"].rules
        assert [rule.name for rule in rules].count("i") == 1


@pytest.mark.parametrize(
    "body",
    [
        "x = '%1000000000d' % 1",
        "x = '%*d' % (10 ** 9, 1)",
        "x = '%.*f' % (1000000000, 1)",
        "x = '{:>999999999}'.format(1)",
        "x = '{:>{}}'.format(1, 999999999)",
        "x = f'{1:>999999999}'",
        "x = 'a' * 10 ** 10",
        "x = 10 ** 10 ** 10",
        "x = [0] * 10 ** 10",
        "for i in range(10 ** 12): drop('users')",
        "for i in range(0, 0x" + "f" * 500 + "): drop('users')",
        "x = 'a'\nfor i in range(900): x = x + x",
        "x = 'ab'\nfor i in range(900): x = f'{x}{x}'",
        "x = 'ab'\nfor i in range(900): x = x.replace('a', x)",
        "x = 'ab'\nfor i in range(900): x = x.join([x, x])",
        "x = (1,)\nfor i in range(900): x = (x, x)",
        "x = [1]\nfor i in range(900): x = x + x",
        "x = [1]\nfor i in range(900): x = [*x, *x]",
        "x = [[[1 for a in range(999)] for b in range(999)] for c in range(999)]",
        "x = " + "(" * 150 + ")" * 150,
        "x = " + "+".join(["1"] * 5_000),
        "x = " + "not " * 3_000 + "1",
        "op.execute(" + "f(" * 90 + ")" * 90 + ")",
        "op.add_column('tags', sa.Column('x', " + "-" * 400 + "1))",
        "x = f'{0x" + "f" * 5_000 + "}'",
        "grow(1)",
        "if " + "find() or " * 300 + "1: drop()",
        *(["if find(): return\n" * 900]),
        "op.execute('ALTER TABLE tags ADD x " + "a" * 20_000 + ")')",
        "op.execute('DROP TABLE x " + " " * 90_000 + "y z')",
        "op.execute('" + "/*" * 90_000 + "')",
        "op.execute('" + "".join(f"$a{n}$" for n in range(9_000)) + "')",
    ],
)
def test_a_migration_that_would_take_long_or_much_memory_is_not_read(
    body: str,
) -> None:
    module = "def grow(x):\n    return " + " + ".join(["grow(x)"] * 9)
    started = time.process_time()
    tables = replayed(body, DROP + module).tables
    assert {"tags", "users"} <= tables.keys()
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "module",
    [
        "NAME: str = 'size'",
        "from shop.others import NAME",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        "from shop.names import NAME\nop.drop_column('tags', NAME)",
        "from shop import names\nop.drop_column('tags', names.NAME)",
        "import shop.names\nop.drop_column('tags', shop.names.NAME)",
        "import shop.names as n\nop.drop_column('tags', n.NAME)",
    ],
)
def test_a_constant_of_a_module_of_the_project_is_followed(
    body: str, module: str
) -> None:
    assert columns(body, names=module, others="NAME = 'size'") == ["id", "name"]


@pytest.mark.parametrize(
    "module",
    [
        "NAMES = find()",
        "NAMES = ['size']\nNAMES.append('name')",
        "NAMES = ['size']\nNAMES = ['name']",
        "NAMES = ['size']\ndef f():\n    global NAMES\n    NAMES = []",
        "if find(): NAMES = ['size']",
        "NAMES = (",
    ],
)
def test_a_value_of_a_module_that_is_no_constant_is_reported(module: str) -> None:
    body = "from shop.names import NAMES\nfor n in NAMES: op.drop_column('tags', n)"
    assert "tags" in unread(body, names=module)


BRANCH = """
from alembic import op
import sqlalchemy as sa
revision = "{revision}"
down_revision = {follows!r}
branch_labels = {labels!r}
depends_on = {depends}

def upgrade():
    {body}
"""


def branches(depends: str) -> dict[str, File]:
    """Two branches: `a`, sorted first, drops the table that `z` makes."""
    made = "op.create_table('marks', sa.Column('id'))"
    first = BRANCH.format(
        revision="a",
        follows=None,
        labels=None,
        depends=depends,
        body="op.rename_table('marks', 'signs')",
    )
    other = BRANCH.format(
        revision="z", follows=None, labels=("late",), depends=None, body=made
    )
    texts = {"versions/a.py": first, "versions/z.py": other}
    return {path: File(text.encode()) for path, text in texts.items()}


@pytest.mark.parametrize("depends", ["'z'", "('z',)", "'late'", "['late']"])
def test_a_migration_runs_after_those_that_it_depends_on(depends: str) -> None:
    schema = schema_of(history("", branches(depends)))
    assert schema.tables.keys() == {"signs"}


def test_a_migration_that_depends_on_something_unknown_is_reported() -> None:
    schema = schema_of(history("", branches("find()")))
    assert schema.unread_places("signs")


def test_migrations_that_depend_on_each_other_are_refused() -> None:
    files = branches("'z'")
    text = files["versions/z.py"].content
    text = text.replace(b"depends_on = None", b"depends_on = 'a'")
    with pytest.raises(NoHead):
        schema_of(history("", {**files, "versions/z.py": File(text)}))


INSPECTED = "inspector = sa.inspect(op.get_bind())\n"


@pytest.mark.parametrize(
    "body",
    [
        "if inspector.has_table('labels'): op.add_column('tags', sa.Column('x'))",
        "if inspector.has_table('labels'): return\n"
        "op.add_column('tags', sa.Column('x'))",
        "if not inspector.has_table('tags'): op.add_column('tags', sa.Column('x'))",
        "if inspector.has_column('tags', 'x'): op.add_column('tags', sa.Column('x'))",
        "if not inspector.has_table('labels'): op.drop_column('tags', 'size')",
        "if inspector.dialect.server_version_info > (14,): drop()",
        "if 'old' in [c['name'] for c in inspector.get_columns('tags')]: drop()",
        "if 'size' in [c['name'] for c in inspector.get_columns('labels')]: drop()",
        "if 'u' in [c['name'] for c in inspector.get_unique_constraints('tags')]:"
        " drop()",
        "if any(c['type'].length == 20 for c in inspector.get_columns('tags')): drop()",
        'if op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE'
        " type='table' AND name='old'\")).first() is None:"
        " op.add_column('tags', sa.Column('name'))",
        "if inspector.has_table('labels') and not inspector.has_column('tags', 'x'):"
        " op.add_column('tags', sa.Column('x'))",
    ],
)
def test_a_condition_on_another_part_of_the_database_is_not_decided(body: str) -> None:
    assert "tags" in unread(INSPECTED + body)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (
            "if 'x' not in [c['name'] for c in inspector.get_columns('tags')]:"
            " op.add_column('tags', sa.Column('x'))",
            "id name size x",
        ),
        ("if inspector.has_table('tags'): drop()", "id name"),
        ("if not inspector.has_table('tags'): return\ndrop()", "id name"),
        (
            "if inspector.has_table('tags') and not inspector.has_column('tags', 'x'):"
            " op.execute('ALTER TABLE tags ADD COLUMN x INT')",
            "id name size x",
        ),
    ],
)
def test_a_condition_on_what_its_body_makes_or_changes_holds(
    body: str, left: str
) -> None:
    assert columns(INSPECTED + body) == left.split()


def test_a_large_value_counts_each_time_that_it_is_used() -> None:
    rows = f"ROWS = [{', '.join(['{1: 2}'] * 900)}]"
    start = time.monotonic()
    assert "tags" in unread("print(ROWS)\n" * 1500, rows)
    assert time.monotonic() - start < 10
    assert columns("print(ROWS)\n" * 9, rows) == ["id", "name", "size"]


def test_a_generator_in_a_function_makes_only_its_own_calls_unread() -> None:
    body = "def parts():\n    yield 'a'\nop.drop_column('tags', 'size')"
    assert columns(body) == ["id", "name"]


@pytest.mark.parametrize("method", ["scalars", "stream", "execute"])
def test_each_method_that_runs_sql_is_read(method: str) -> None:
    body = f"op.get_bind().{method}(sa.text('ALTER TABLE tags DROP COLUMN size'))"
    assert columns(body) == ["id", "name"]
