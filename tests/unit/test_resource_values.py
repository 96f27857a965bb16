"""Values of fields: each text is read once, and one value is written in one way."""

import ast
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from fastgen.migrations.of_resources import with_resource_migration
from fastgen.render.render import rendered_tree
from fastgen.resources.grammar import BadField, parse_field, parse_fields
from fastgen.resources.lines.values import default_of
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.tables import stored_tables
from fastgen.spec.edits import with_options
from fastgen.spec.from_file import with_table
from fastgen.spec.resource_edits import with_fields, with_resource
from fastgen.spec.side import Side
from fastgen.spec.specfile import parse_spec, read_table, spec_text
from tests.kit import catalog, side_with
from tests.resources import granted

SEVEN, ONE = "\u0667", "\u0661"
"""Digits of Arabic, which Python reads as it reads 7 and 1."""

ID = "019aa3f0-6c00-7000-8000-00000000000f"
HEX = ID.replace("-", "")


@dataclass(frozen=True)
class Value:
    """Texts that stand for one value, as they are written the first of them; and the
    value in code: of a model, of a migration, of a server's default."""

    kind: str
    texts: tuple[str, ...]
    model: str
    fill: str
    server: str


VALUES = (
    Value("int", ("7", "007", "+7", " 7", "0_7", SEVEN), "7", "7", "'7'"),
    Value("bigint", ("-1000", "-1_000", "-01000"), "-1000", "-1000", "'-1000'"),
    Value("float", ("1", "1e0", "0_1.0", "+1", ONE), "1.0", "1", "'1'"),
    Value(
        "decimal:9:2",
        ("1000.5", "1000.50", "+1_000.5", "1.0005e3", "01000.5"),
        "Decimal('1000.50')",
        "1000.5",
        "'1000.5'",
    ),
    Value("bool", ("true",), "True", "True", "sa.true()"),
    Value(
        "date",
        ("2024-02-29", "20240229", "2024-W09-4", "2024W094"),
        "date.fromisoformat('2024-02-29')",
        "sa.func.date('2024-02-29')",
        "'2024-02-29'",
    ),
    Value(
        "time",
        ("09:30", "0930", "T0930", "093000"),
        "time.fromisoformat('09:30')",
        """sa.text("'09:30:00.000000'")""",
        "'09:30:00.000000'",
    ),
    Value(
        "datetime",
        ("2024-01-01T22:30:00Z", "20240101T223000Z", "2024-W01-1T22:30Z"),
        "datetime.fromisoformat('2024-01-01T22:30:00Z')",
        """sa.text("'2024-01-01 22:30:00+00:00'")""",
        "'2024-01-01 22:30:00+00:00'",
    ),
    Value(
        "uuid",
        (ID, HEX, f"{{{ID}}}", ID.upper(), f"urn:uuid:{ID}"),
        f"UUID('{ID}')",
        f"""sa.text("'{HEX}'")""",
        f"'{HEX}'",
    ),
    Value("enum:x:y", ("y",), "'y'", "'y'", "'y'"),
    Value("str", ("007",), "'007'", "'007'", "'007'"),
    Value("text", (" 007 ",), "' 007 '", "' 007 '", "' 007 '"),
)
SPELLED = [(value, text) for value in VALUES for text in value.texts]


def typed(kind: str, default: str) -> Field:
    (field,) = parse_fields([f"x:{kind}:default=" + default.replace(":", r"\:")])
    return field


def recorded(kind: str, default: str) -> Field:
    """As fastgen.toml has it where a person, or an older fastgen, wrote it."""
    return parse_field(f"x:{kind}:default=" + default.replace(":", r"\:"))


@pytest.mark.parametrize(("value", "text"), SPELLED)
def test_a_value_that_is_typed_in_any_form_is_recorded_in_one(value, text):
    assert typed(value.kind, text).default == value.texts[0]
    assert recorded(value.kind, text).default == text


@pytest.mark.parametrize(("value", "text"), SPELLED)
def test_a_default_is_written_from_its_value_wherever_it_shows(value, text):
    for field in (typed(value.kind, text), recorded(value.kind, text)):
        assert value_in(str(default_of(field, hidden=False))) == value_in(value.model)
        (table,) = stored_tables(
            [ResourceSpec("X", "xs", (field,), *granted("open"))], {}
        ).values()
        column = table.columns["x"]
        assert (column.fill, column.server_default) == (value.fill, value.server)
    assert default_of(typed(value.kind, text), hidden=False) == value.model


def value_in(code: str) -> object:
    names = {"date": date, "datetime": datetime, "time": time, "UUID": UUID}
    return eval(code, {**names, "Decimal": Decimal})  # noqa: S307


@pytest.mark.parametrize(
    ("definition", "recorded"),
    [
        ("int:min=007:max=+9", "int:min=7:max=9"),
        ("float:min=1e1:max=1_0.5", "float:min=10:max=10.5"),
        (f"decimal:09:{ONE}:min=0.10", "decimal:9:1:min=0.1"),
        ("decimal:9:2:max=1E+2:default=-0.0", "decimal:9:2:max=100:default=0"),
        ("str:min=01:max=1_0", "str:min=1:max=10"),
        (f"list:int:max={SEVEN}", "list:int:max=7"),
    ],
)
def test_limits_and_arguments_are_recorded_in_one_form(definition, recorded):
    for text in (definition, recorded):
        (field,) = parse_fields([f"x:{text}"])
        assert field.definition == recorded


@pytest.mark.parametrize(
    "definition",
    [
        "int:default=1e3",
        "int:default=1.0",
        "int:default=",
        "bool:default=True",
        "bool:default=TRUE",
        "bool:default=1",
        "float:default=nan",
        "float:default=-inf",
        "decimal:9:2:default=0.001",
        "decimal:9:2:default=1.0000000000000000000000000000000001",
        "decimal:9:2:default=sNaN",
        r"datetime:default=0001-01-01T00\:00+05\:00",
        r"datetime:default=9999-12-31T23\:00-05\:00",
        r"datetime:default=9999-12-31T10\:00Z",
        "date:default=9999-12-31",
        "date:default=0001-01-01",
        r"time:default=25\:00",
        "uuid:default=019aa3f0",
        "str:default=a\nb",
        "text:default=a\0b",
        "text:default=a\udc80b",
        "str:pattern=a\0?",
    ],
)
def test_a_value_that_its_type_does_not_have_is_refused(definition):
    with pytest.raises(BadField):
        parse_field(f"x:{definition}")


def test_the_same_value_in_another_form_changes_nothing():
    older = recorded("time", "09:30:00")
    plain = with_resource(side_with("database"), "Shop", [])
    spec = replace(plain.spec.resources["Shop"], fields=(older,))
    side = plain.with_spec(replace(plain.spec, resources={"Shop": spec}))
    assert r"09\\:30\\:00" in spec_text(side.spec)
    assert with_fields(side, "Shop", [typed("time", "0930")]) == side
    assert with_resource(side, "Shop", [typed("time", "09:30")]) == side
    table = {"resources": {"Shop": {"fields": {"x": r"time:default=09\:30"}}}}
    assert with_table(side, table) == side


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ("time", "09:30:00"),
        ("time", "09:30:00.250"),
        ("datetime", "2024-02-29T23:30:00+05:30"),
        ("datetime", "2024-01-01 00:00+00:00"),
    ],
)
def test_what_an_older_fastgen_wrote_is_rendered_as_it_was(kind, default):
    shown = default_of(recorded(kind, default), hidden=False)
    assert shown == f"{kind}.fromisoformat({default!r})"


HOSTILE = [
    *(
        "myapi",
        "myapi.models",
        "a \"b\" 'c'",
        "a\\",
        "a\\\\",
        "\\",
        "a:b\\:c",
        "%s {x}",
    ),
    *("the thing, owner_id: Things", "# % if nothing", "{% raw %}"),
    *("{{ project.name }}", "# no comment", "$(id)", "naïve 🦄", "\\N{DASH}", "\\x41"),
]


@pytest.mark.parametrize("orm", ["sqlalchemy", "sqlmodel"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_the_same_in_fastgen_toml_in_code_and_in_a_migration(text, orm):
    side = with_options(side_with("database", name="shop"), [f"database.orm={orm}"])
    old = with_resource(side, "Apple", [parse_field("x:text:optional")])
    field = Field("x", "text", default=text)
    new = with_fields(old, "Apple", [field])
    assert parse_field(field.text) == field
    written = spec_text(new.spec)
    assert parse_spec(written, read_table(written), catalog(), "0.1.0") == new.spec
    assert text in literals(migration(old, new))
    tree = rendered_tree(new)
    for name in ("models", "schemas"):
        assert text in literals(tree[f"src/shop/apples/{name}.py"].content.decode())


@pytest.mark.parametrize("plural", ["op", "sa", "batch_op"])
def test_no_table_hides_a_name_of_its_migration(plural):
    side = with_resource(side_with("database"), "Shop", [], plural)
    old = with_fields(side, "Shop", [parse_field("size:int:optional")])
    new = with_fields(old, "Shop", [parse_field("size:int:default=007")])
    (upgrade,) = [
        node
        for node in ast.parse(migration(old, new)).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    ]
    names = [node for node in ast.walk(upgrade) if isinstance(node, ast.Name)]
    assert {n.id for n in names if isinstance(n.ctx, ast.Store)} <= {"batch_op"}
    assert "values(size=7)" in ast.unparse(upgrade)


def migration(old: Side, new: Side) -> str:
    """The migration that brings the tables from `old` to `new`."""
    tree = rendered_tree(new)
    made = with_resource_migration(tree, {}, old, new).tree
    (path,) = made.keys() - tree.keys()
    return made[path].content.decode()


def literals(code: str) -> set[object]:
    nodes = ast.walk(ast.parse(code))
    return {node.value for node in nodes if isinstance(node, ast.Constant)}
