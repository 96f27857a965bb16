"""What modules declare about resources, and what their templates see of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fastgen import __version__
from fastgen.catalog.catalog import Catalog
from fastgen.catalog.load import BrokenModule
from fastgen.catalog.sources import catalog_of, module_folders, templates_folder
from fastgen.render.context import PartTwice
from fastgen.render.jinja import BrokenTemplate, rendered_text
from fastgen.render.render import rendered_tree
from fastgen.render.resources import resource_template
from fastgen.render.words import Names
from fastgen.resources.accesses import NeedsModule, UnknownAccess
from fastgen.resources.grammar import parse_fields
from fastgen.spec.declared import (
    AccessNotDeclared,
    FlagNotDeclared,
    check_declared,
    conditions_of,
)
from fastgen.spec.edits import with_modules, with_options, without_modules
from fastgen.spec.lookup import ScopeWithoutModel
from fastgen.spec.resource_edits import with_resource
from fastgen.spec.resource_flags import (
    FlagInUse,
    NotTrueOrFalse,
    UnknownFlag,
    with_flags,
)
from fastgen.spec.resource_removal import check_modules
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec
from fastgen.spec.specfile import parse_spec, read_table, spec_text
from fastgen.tree import Tree

AUDIT = """
summary = "Who changed what"
requires = ["database"]

[[facts.flags]]
name = "audited"
summary = "Each change is recorded"

[[facts.parts]]
of = "catalog"
name = "audit"
order = -1

[[resource.parts]]
of = "catalog"
name = "things"
module = "myapi.things.models"
values = { title = "Thing" }

[[flagged.audited.parts]]
of = "audit"
name = "things"
"""

CATALOG = """
# % for part in facts.parts if part.of == "catalog"
{{ part.name }} {{ part.module }} {{ part.values.title }}
# % endfor
# % for part in facts.parts if part.of == "audit"
audited: {{ part.name }}
# % endfor
"""

FIELDS = """
# % for resource in resources
type {{ resource.name }}
# % for f in resource.fields
  {{ f.column }}: {{ f.kind }} {{ f.python }} {{ f.required }} {{ f.min }}..{{ f.max }}\
 {{ f.target.name if f.target else f.samples.create }}
# % endfor
# % endfor
"""


def audit(folder: Path, *, toml: str = AUDIT, **files: str) -> Catalog:
    """The built-in modules, and a module `audit` with the files of its resources."""
    module = folder / "audit"
    for path, text in files.items():
        file = module / "resource" / f"{path}.txt.jinja"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    module.mkdir(exist_ok=True)
    (module / "module.toml").write_text(toml)
    folders = [*module_folders(templates_folder()), *module_folders(folder, "test")]
    return catalog_of(folders)


def side(catalog: Catalog, *modules: str, name: str = "shop") -> Side:
    return with_modules(
        Side(first_spec(name, "", "3.11", __version__), catalog), modules
    )


def with_product(
    given: Side, *fields: str, access: str | None = None, flags: Iterable[str] = ()
) -> Side:
    parsed = parse_fields(fields or ["title:str"])
    return with_resource(given, "Product", parsed, access=access, flags=[*flags])


def text_of(tree: Tree, path: str) -> str:
    return tree[path].content.decode()


def test_resources_and_modules_contribute_parts_in_their_order(tmp_path: Path) -> None:
    catalog = audit(tmp_path, parts=CATALOG.replace(" {{ part.values.title }}", ""))
    made = with_product(side(catalog, "audit"))
    made = with_resource(made, "OrderItem", ())
    assert text_of(rendered_tree(made), "parts.txt").split("\n") == [
        *("", "audit ", "order_items shop.order_items.models"),
        *("products shop.products.models", ""),
    ]


def test_a_flag_brings_the_facts_of_flagged_resources(tmp_path: Path) -> None:
    catalog = audit(tmp_path, parts=CATALOG.replace(" {{ part.values.title }}", ""))
    made = with_product(side(catalog, "audit"), flags=["audited"])
    assert "audited: products" in text_of(rendered_tree(made), "parts.txt")
    plain = with_flags(made, ["Product.audited=false"])
    assert plain.spec.resources["Product"].flags == ()
    assert "audited" not in text_of(rendered_tree(plain), "parts.txt")
    assert with_flags(plain, ["Product.audited=true"]) == made


def test_a_flag_needs_its_module_and_keeps_it(tmp_path: Path) -> None:
    catalog = audit(tmp_path)
    with pytest.raises(NeedsModule, match=r"requires the module audit.*fastgen add"):
        with_product(side(catalog, "database"), flags=["audited"])
    made = with_product(side(catalog, "audit"), flags=["audited"])
    with pytest.raises(FlagInUse, match=r"fastgen set Product.audited=false"):
        check_modules(without_modules(made, ["audit"]), ["audit"])
    check_modules(
        without_modules(with_flags(made, ["Product.audited=false"]), ["audit"]),
        ["audit"],
    )


BY_OPTION = (
    AUDIT.replace("[[facts.flags]]", '[[when."deep=true".flags]]', 1)
    + """
[options.deep]
summary = "Whether reads are recorded too"
type = "bool"

[[when."deep=true".accesses]]
name = "auditors"
summary = "Auditors read and write"
readers = "everybody"
writers = "everybody"
preference = -1
"""
)


@pytest.mark.parametrize(
    ("access", "flags", "what"),
    [(None, ["audited"], "--audited"), ("auditors", [], "'auditors'")],
)
def test_what_an_option_declares_is_there_with_the_option_alone(
    access: str | None, flags: list[str], what: str, tmp_path: Path
) -> None:
    catalog = audit(tmp_path, toml=BY_OPTION)
    without = side(catalog, "database")
    with pytest.raises(NeedsModule) as absent:
        with_product(without, access=access, flags=flags)
    assert str(absent.value).endswith(
        f"{what} of Product requires the module audit with audit.deep=true. Run"
        " `fastgen add audit --set audit.deep=true` first."
    )
    shallow = side(catalog, "audit")
    with pytest.raises(NeedsModule, match=r"Run `fastgen set audit\.deep=true` first"):
        with_product(shallow, access=access, flags=flags)
    made = with_product(
        with_options(shallow, ["audit.deep=true"]), access=access, flags=flags
    )
    check_declared(made)
    assert parse_spec(*read_back(made), catalog, __version__) == made.spec
    refusal = FlagNotDeclared if flags else AccessNotDeclared
    with pytest.raises(refusal, match="which this change takes away"):
        check_declared(with_options(made, ["audit.deep=false"]))


def read_back(made: Side) -> tuple[str, dict[str, Any]]:
    """fastgen.toml of `made`, as text and as a table."""
    text = spec_text(made.spec)
    return text, read_table(text)


def test_a_flag_of_an_option_cannot_be_set_without_the_option(tmp_path: Path) -> None:
    made = with_product(side(audit(tmp_path, toml=BY_OPTION), "audit"))
    with pytest.raises(NeedsModule, match=r"`fastgen set audit\.deep=true`"):
        with_flags(made, ["Product.audited=true"])


def test_the_help_names_the_option_that_an_access_and_a_flag_depend_on(
    tmp_path: Path,
) -> None:
    catalog = audit(tmp_path, toml=BY_OPTION)
    assert conditions_of(catalog, "audited") == "audit.deep=true"
    assert conditions_of(catalog, "auditors") == "audit.deep=true"
    assert conditions_of(catalog, "public-read") == ""


@pytest.mark.parametrize(
    ("setting", "refusal"),
    [
        ("Product.audied=true", UnknownFlag),
        ("Product.audited=yes", NotTrueOrFalse),
    ],
)
def test_a_setting_of_a_resource_is_a_flag_that_is_true_or_false(
    setting: str, refusal: type[Exception], tmp_path: Path
) -> None:
    made = with_product(side(audit(tmp_path), "audit"))
    with pytest.raises(refusal, match="audited"):
        with_flags(made, [setting])


def test_fields_are_data(tmp_path: Path) -> None:
    catalog = audit(tmp_path, fields=FIELDS)
    made = with_product(
        side(catalog, "audit"),
        *(
            "price:decimal:10:2:min=0.01",
            "name:str:max=9",
            "parent:ref:Product:optional",
        ),
    )
    assert text_of(rendered_tree(made), "fields.txt").strip().split("\n") == [
        "type Product",
        "  price: decimal Decimal True 0.01.. '49.90'",
        "  name: str str True 1..9 'Espresso'",
        "  parent_id: ref UUID False .. Product",
    ]


@pytest.mark.parametrize(
    ("name", "refusal", "words"),
    [
        ("owner", NeedsModule, "requires the module auth"),
        ("everyone", UnknownAccess, "available: admin-only, open, owner, public-read"),
    ],
)
def test_an_access_is_one_that_a_module_declares(
    name: str, refusal: type[Exception], words: str
) -> None:
    catalog = catalog_of(module_folders(templates_folder()))
    with pytest.raises(refusal, match=words):
        with_product(side(catalog, "database"), access=name)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ('[[facts.flags]]\nname = "json"\nsummary = ""', "--json cannot be"),
        ('[[facts.flags]]\nname = "a b"\nsummary = ""', "--a b cannot be"),
        (
            '[[facts.accesses]]\nname = "team"\nsummary = ""\nreaders = "all"\n'
            'writers = "owner"',
            "'all' is none of everybody, callers, owner, admins",
        ),
        (
            '[[facts.accesses]]\nname = "team"\nsummary = ""\nreaders = "owner"\n'
            'writers = "owner"',
            "'owner' requires a scope",
        ),
        ("[[flagged.audited.nonsense]]", "unknown kind of fact"),
        ("[flagged]\naudited = 7", "flagged.audited"),
    ],
)
def test_a_declaration_that_is_not_valid_is_refused(
    declared: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenModule, match=words):
        audit(tmp_path, toml=f'summary = "x"\n{declared}\n')


def rendered(text: str, **names: object) -> str:
    return rendered_text(resource_template(text), names, "a.py.jinja")


OWNED: Mapping[str, tuple[str, str]] = {
    "def f(a: A, owner_id: UUID, b: B):": (
        "def f(a: A, team_id: UUID, b: B):",
        "def f(a: A, b: B):",
    ),
    "def f(a: A, owner_id: OwnerId, b: B):": (
        "def f(a: A, team_id: CurrentTeamId, b: B):",
        "def f(a: A, b: B):",
    ),
    "f(owner_id=owner_id, **values)": ("f(team_id=team_id, **values)", "f(**values)"),
    "f(session, owner_id, b)": ("f(session, team_id, b)", "f(session, b)"),
    'f({"owner_id": owner_id, "id": b})': (
        'f({"team_id": team_id, "id": b})',
        'f({"id": b})',
    ),
    'f(b, {"owner_id": owner_id})': ('f(b, {"team_id": team_id})', "f(b)"),
    "def f(a: A, owner_id: OwnerId):": (
        "def f(a: A, team_id: CurrentTeamId):",
        "def f(a: A):",
    ),
    "def f(owner_id: uuid.UUID):": ("def f(team_id: uuid.UUID):", "def f():"),
    "f(\n    a, owner_id: A\n)": ("f(\n    a, team_id: A\n)", "f(\n    a\n)"),
    "f(\n    a,\n    owner_id: OwnerId,\n    b,\n)": (
        "f(\n    a,\n    team_id: CurrentTeamId,\n    b,\n)",
        "f(\n    a,\n    b,\n)",
    ),
    "class A:\n    owner_id: UUID\n    b: B\n": (
        "class A:\n    team_id: UUID\n    b: B\n",
        "class A:\n    b: B\n",
    ),
    '{\n    "owner_id": owner_id,\n    "id": b,\n}': (
        '{\n    "team_id": team_id,\n    "id": b,\n}',
        '{\n    "id": b,\n}',
    ),
    'values = {"owner_id": owner_id}': ('values = {"team_id": team_id}', "values = {}"),
    '{"id": b, "owner_id": owner_id}': (
        '{"id": b, "team_id": team_id}',
        '{"id": b}',
    ),
    "{% if a is defined %}{{ a.owner_id }}{% endif %}owner_ids": (
        "owner_ids",
        "owner_ids",
    ),
}


@pytest.mark.parametrize("text", OWNED)
def test_the_owner_is_the_column_of_the_scope_or_left_out(text: str) -> None:
    scope = SimpleNamespace(column="team_id", dependency="CurrentTeamId")
    owned, open_ = (
        rendered(text, resource=SimpleNamespace(scope=given)) for given in (scope, None)
    )
    assert (owned, open_) == OWNED[text]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("thing.owner_id = None\n", "note.team_id = None\n"),
        ('values["owner_id"]', 'values["team_id"]'),
        ('f"{owner_id}"', 'f"{team_id}"'),
        ("Owner = OwnerId", "Owner = CurrentTeamId"),
    ],
)
def test_the_owner_in_any_other_place_requires_a_scope(text: str, named: str) -> None:
    scope = SimpleNamespace(column="team_id", dependency="CurrentTeamId")
    names = Names("Note", "notes")
    owned = rendered(text, resource=SimpleNamespace(scope=scope), names=names)
    assert owned == named
    with pytest.raises(BrokenTemplate, match="None"):
        rendered(text, resource=SimpleNamespace(scope=None), names=names)
    marked = f"# % if resource.scope\n{text}\n# % endif\n"
    assert not rendered(marked, resource=SimpleNamespace(scope=None), names=names)


def test_a_value_that_is_called_like_the_placeholders_stays_as_it_is() -> None:
    catalog = catalog_of(module_folders(templates_folder()))
    field = "kind:enum:myapi:things:thing:default=myapi"
    made = with_product(side(catalog, "database"), field)
    models = text_of(rendered_tree(made), "src/shop/products/models.py")
    assert 'THINGS = "things"\n    THING = "thing"' in models
    assert 'MYAPI = "myapi"' in models


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    own = '\n[[facts.parts]]\nof = "catalog"\nname = "products"\n'
    made = with_product(side(audit(tmp_path, toml=AUDIT + own), "audit"))
    with pytest.raises(PartTwice, match="'products'"):
        rendered_tree(made)


def test_a_scope_without_a_model_that_tests_can_make_is_refused(tmp_path: Path) -> None:
    declared = """
summary = "Rows of an organisation"
requires = ["database"]
[[facts.scopes]]
name = "org"
target = "Org"
dependency = "OrgId"
module = "myapi.orgs"
[[facts.accesses]]
name = "org"
summary = "Each organisation reads and writes its own"
scope = "org"
readers = "owner"
writers = "owner"
"""
    with pytest.raises(ScopeWithoutModel, match="Org"):
        with_product(side(audit(tmp_path, toml=declared), "audit"), access="org")


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('[[facts.helpers]]\nmodule = "m"\nnames = "Url"', "a list of texts"),
        ('[[facts.helpers]]\nmodule = "m"\nnames = [1]', "a list of texts, not [1]"),
        ('[[facts.helpers]]\nmodule = "m"\noptional = 1', "true or false, not 1"),
        ('[[facts.parts]]\nof = "a"\nname = "b"\nvalues = 3', "a table of texts"),
        ('[[facts.parts]]\nof = "a"\nname = true', "text, not true"),
        ('[[facts.parts]]\nof = "a"\nname = "b"\norder = true', "a whole number"),
        ("[facts]\nparts = 5", "'parts' has to be tables [[parts]], not 5"),
        ('[facts]\ndependencies = "x"', 'a list of texts, not "x"'),
        ("facts = 5", "'facts' has to be a table, not 5"),
        ("options = 5", "'options' has to be a table, not 5"),
        ("options.a = 5", "'options.a' has to be a table, not 5"),
        ('options.a = { summary = "s", choices = "ab" }', "a list of texts"),
        ('options.a = { summary = "s", type = "str" }', 'has to be "string" or "bool"'),
        (
            'options.a = { summary = "s", type = "bool", default = "yes" }',
            'its default has to be true or false, not "yes"',
        ),
        (
            'options.a = { summary = "s", choices = ["a", "b"], default = true }',
            "its default has to be a or b, not true",
        ),
        ('policies."*" = "frozen"', "shared or seed or journal"),
        ("generators = [5]", "'generators' has to be tables"),
        ("flagged.audited = 5", "'flagged.audited' has to be a table, not 5"),
        ("when = 5", "'when' has to be a table, not 5"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_in_words_of_toml(
    toml: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenModule) as refusal:
        audit(tmp_path, toml=f'summary = "x"\n{toml}\n')
    assert reason in str(refusal.value)


def test_the_reference_of_a_scope_is_a_name_in_code(tmp_path: Path) -> None:
    scope = 'name = "o"\ntarget = "O"\ndependency = "D"\nmodule = "m"\n'
    toml = f'summary = "x"\n[[facts.scopes]]\n{scope}reference = "a b"\n'
    with pytest.raises(BrokenModule, match="'a b' is not a name in code"):
        audit(tmp_path, toml=toml)
