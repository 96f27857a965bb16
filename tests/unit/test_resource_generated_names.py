"""No name of a resource hides a name of the code that is generated around it."""

import builtins
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pytest

from fastgen.errors import WrongUsage
from fastgen.render.render import rendered_tree
from fastgen.resources.grammar import BadField, parse_field
from fastgen.resources.names import (
    ReservedResourceName,
    SingularTaken,
    check_plural,
    check_resource_name,
    pascal_case,
    snake_case,
)
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.edits import models_of, with_options
from fastgen.spec.endpoint_names import EndpointTaken
from fastgen.spec.rename_edits import with_renamed_resource
from fastgen.spec.resource_edits import (
    NameHidden,
    check_plural_free,
    with_resource,
    with_resources,
)
from fastgen.spec.side import Side
from fastgen.spec.specfile import parse_spec, read_table, spec_text
from fastgen.tools.ruff import new_flaws
from fastgen.tree import Tree
from tests.kit import catalog, side_with
from tests.resources import resource

FIELDS = (
    *("a:str:unique", "b:text:optional", "c:int:unique", "d:float", "e:bool"),
    *("f:decimal:9:2:unique", "g:date:unique", "h:datetime:index", "i:time:unique"),
    *("j:uuid", "k:json", "l:email:unique", "m:url:unique", "n:enum:x:y", "o:list:str"),
    *("p:bytes", "q:str:pattern=^[a-z]{3}$:unique", "r:str:writeonly", "s:bigint"),
    *("t:ref:Near", "u:ref:Self:optional", "v:ref:Far:optional"),
    *("w:many:Near", "x:many:Self", "y:many:Far"),
)
PROJECTS = [
    ("sqlalchemy", "owner", ("auth", "loadtest", "admin")),
    ("sqlmodel", "public-read", ("auth", "loadtest")),
]
NEUTRAL = "Zyx"
OTHERWISE = ("Column", "Index", "Table")
"""Names that a model imports, unless one of its classes is called so."""
MODELS = models_of(catalog().modules.values())


def everything(name: str, plural: str, access: str) -> ResourceSpec:
    """A resource with fields of all types."""
    fields = (text.replace("Self", name) for text in FIELDS)
    return resource(name, *fields, access=access, plural=plural)


def project(orm: str, modules: Iterable[str]) -> Side:
    side = with_options(side_with("database", *modules), [f"database.orm={orm}"])
    if "auth" in modules:
        for option in ("api_keys", "totp", "social"):
            side = with_options(side, [f"auth.{option}=true"])
    return side


def project_of(side: Side, resources: Iterable[ResourceSpec], access: str) -> Side:
    """A project with `resources`, and with those that they refer to."""
    targets = [
        resource(name, "a:str", access=access, plural=plural)
        for name, plural in (("Near", "nears"), ("Far", "fars"))
    ]
    every = {r.name: r for r in (*targets, *resources)}
    return side.with_spec(replace(side.spec, resources=every))


FORMS = {"plural": "zyxs", "singular": "zyx", "name": "Zyx"}


def stems_in(tree: Tree) -> set[tuple[str, str]]:
    """What a resource must be called, by its plural, its singular or its name, for one
    of its names to be another name of the same file: `Session` for SessionDep, where
    ZyxDep is; and of a file with the variable zyx, all names."""
    return {
        (form, stem.lower() if own.isupper() else stem)
        for path, code in python(tree).items()
        for names in [names_in(code, path)]
        for own in names
        for form, before, after in [affixes(own)]
        if form
        for name in names
        if name.startswith(before) and name.endswith(after)
        for stem in [name[len(before) : len(name) - len(after)]]
        if stem and not affixes(name)[0]
    }


def affixes(name: str) -> tuple[str, str, str]:
    """What it has of a resource, and what stands before and after that."""
    for form, own in FORMS.items():
        for spelling in (own, own.upper()):
            before, there, after = name.partition(spelling)
            if there:
                return form, before, after
    return "", "", ""


def names_in(code: str, path: str) -> set[str]:
    tables = scopes(symtable.symtable(code, path, "exec"))
    return {name for table in tables for name in table.get_identifiers()}


def python(tree: Tree) -> Mapping[str, str]:
    return {p: e.content.decode() for p, e in tree.items() if p.endswith(".py")}


def scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from scopes(child)


def candidates(
    stems: Iterable[tuple[str, str]], side: Side, access: str
) -> list[ResourceSpec]:
    """Resources of these plurals, singulars and names, as far as they may be."""
    found: dict[str, ResourceSpec] = {}
    for number, (form, stem) in enumerate(sorted(stems)):
        name, plural = f"Zyx{number}", f"zyxs_{number}"
        if form == "plural":
            plural = stem
        else:
            name = pascal_case(stem) if form == "singular" else stem
        try:
            check_resource_name(name, MODELS)
            check_plural(plural)
            check_plural_free(resource(name, plural=plural), side)
            made = everything(name, plural, access)
            with_resources(side, {**side.spec.resources, name: made})
        except WrongUsage:
            continue
        found.setdefault(snake_case(name), made)
    return list(found.values())


@pytest.mark.parametrize(("orm", "access", "modules"), PROJECTS)
def test_no_name_of_a_resource_becomes_one_with_another_name(orm, access, modules):
    side = project(orm, modules)
    neutral = everything(NEUTRAL, "zyxs", access)
    small = project_of(side, [neutral], access)
    alone = rendered_tree(small)
    tried = candidates(stems_in(alone), small, access)
    assert len(tried) > 50
    whole = rendered_tree(project_of(side, [neutral, *tried], access))
    code = python(whole)
    flaws = new_flaws({path: (b"", text.encode()) for path, text in code.items()})
    assert flaws == []
    for path, text in python(alone).items():
        if "zyxs" not in path:
            continue
        for made in tried:
            other = path.replace("zyxs", made.plural)
            if made.name in OTHERWISE and path.endswith("/models.py"):
                assert f"sa.{made.name}(" in code[other]
            else:
                assert counts(code[other], other) == counts(text, path), other
            assert builtins_hidden(code[other]) <= builtins_hidden(text), other
    for path in ("src/myapi/main.py", "locustfile.py", "src/myapi/db/models.py"):
        before, after = (counts(python(tree)[path], path) for tree in (alone, whole))
        assert after[0] - before[0] == len(tried), path
        assert not builtins_hidden(code[path]), path


def counts(code: str, path: str) -> list[int]:
    """How many names each scope of the code has."""
    tables = scopes(symtable.symtable(code, path, "exec"))
    return [len(table.get_identifiers()) for table in tables]


def builtins_hidden(code: str) -> set[str]:
    """The names of Python itself that a module or a function of the code binds."""
    return {
        symbol.get_name()
        for table in scopes(symtable.symtable(code, "", "exec"))
        if table.get_type() != "class"
        for symbol in table.get_symbols()
        if hasattr(builtins, symbol.get_name())
        and (symbol.is_assigned() or symbol.is_imported() or symbol.is_parameter())
    }


@pytest.mark.parametrize("name", ["Session", "Model", "Double", "URL"])
def test_a_name_of_the_code_around_is_refused_unless_a_project_has_it(name):
    with pytest.raises(ReservedResourceName, match="the code around it uses that name"):
        check_resource_name(name, MODELS)
    side = side_with("database")
    shop = {name: resource(name, plural="shops")}
    spec = replace(side.spec, resources=shop)
    text = spec_text(spec)
    assert parse_spec(text, read_table(text), catalog(), spec.version) == spec


def test_two_resources_never_have_functions_of_one_name():
    side = with_resource(side_with("database"), "HTTPCall", [])
    with pytest.raises(SingularTaken, match="http_call"):
        with_resource(side, "HttpCall", [], "other_calls")


@pytest.mark.parametrize("name", ["Me", "Totp"])
def test_a_resource_never_has_the_endpoints_of_a_module(name):
    """Whether the project has the module or gets it later; `read_me` is an operation
    id in the OpenAPI document."""
    with pytest.raises(EndpointTaken, match="the module auth"):
        with_resource(side_with("database"), name, [])
    side = with_resource(side_with("database"), "Product", [])
    with pytest.raises(EndpointTaken, match="the module auth"):
        with_renamed_resource(side, "Product", name)


@pytest.mark.parametrize(
    ("name", "plural", "field", "words"),
    [
        ("Map", "mapped", "column:many:Order", "its table would be mapped_column"),
        (
            "Order",
            "orders",
            "x:many:OrderPage",
            "OrderPage and Order would be one name",
        ),
        (
            "OrderPage",
            "order_pages",
            "x:many:Order",
            "Order and OrderPage would be one",
        ),
        ("Order", "orders", "x:many:OrderQuery", "would be one name in the service"),
    ],
)
def test_a_field_whose_names_are_those_of_the_code_around_is_refused(
    name, plural, field, words
):
    side = side_with("database")
    for other in {"Order", "OrderPage", "OrderQuery"} - {name}:
        side = with_resource(side, other, [])
    with pytest.raises(BadField, match=words):
        with_resource(side, name, [parse_field(field)], plural)


@pytest.mark.parametrize(
    ("name", "field", "access"),
    [
        ("Owner", "x:str", "owner"),
        ("OrderId", "x:many:Order", "public-read"),
        ("Order", "x:many:OtherOrder", "public-read"),
        ("OrdersQuery", "x:many:Order", "public-read"),
        ("AddOrder", "x:ref:Order", "public-read"),
        ("AddedOrder", "x:many:Order", "public-read"),
    ],
)
def test_a_name_that_its_own_functions_have_already_is_refused(name, field, access):
    side = side_with("database", "auth")
    for other in ("Order", "OtherOrder"):
        if other != name:
            side = with_resource(side, other, [], access="public-read")
    fields = [parse_field(field)]
    if name in ("Order", "OrdersQuery"):  # like it, and nothing is hidden
        with_resource(side, name, fields, access=access)
    else:
        with pytest.raises(NameHidden):
            with_resource(side, name, fields, access=access)
