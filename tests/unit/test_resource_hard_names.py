"""A resource may be called anything, or the name is refused in one line."""

import re
from collections.abc import Mapping

from pydantic import BaseModel

from fastgen.errors import WrongUsage
from fastgen.merge.gate.flaws import compile_problem, flaws
from fastgen.plan import Action, Change
from fastgen.render.render import rendered_tree
from fastgen.resources.names import (
    LONGEST,
    check_plural,
    check_resource_name,
    field_problem,
    may_name_field,
    may_name_resource,
    pascal_case,
)
from fastgen.resources.resource import ResourceSpec
from fastgen.spec.edits import models_of
from fastgen.spec.resource_edits import check_plural_free, with_resources
from fastgen.spec.side import Side
from fastgen.tree import File
from tests.kit import catalog, side_with
from tests.resources import resource

NAMES = """
    Bool Callable Class Compile Dict Exception Exec File Filter Hash Id Input Int Iter
    List Map Max Next Object Open Print Property Range Self Set Slice Sorted Str Super
    Tuple Type Vars Zip

    Body Cookie Depends FastAPI Form Header Path Query Request Response Router Status

    AsyncSession Base Column Connection Date Engine Enum Func Index Insert Integer Key
    Label Mapped MetaData Model Relationship Row Schema Select Sequence Session Table
    Text Transaction Update Uuid Value

    Annotated BaseModel Decimal Field Json Literal Optional Protocol Secret Settings URL

    App Check Client Config Contract Cursor Error Found Health Lifespan Listing Main New
    Owner Page Pair Problem Reader Record Route Service Show Source Test User Visitor

    Connect Get Head Method Option Patch Post Put

    A As Axis Child Datum Deer Equipment Fish I Is Media Men News Ox Person Quiz Series
    Species Staff X

    Async Await Break From Global If Import In Lambda Match None Not Or Return True With

    Aux Build Con Dist Env Lib Nul Src Static Tmp Venv
""".split()  # noqa: SIM905


MODULES = ("database", "auth", "admin", "loadtest")


def refusal(made: ResourceSpec, side: Side) -> str:
    """Why the project cannot have the resource; empty where it can."""
    try:
        check_resource_name(made.name, models_of(catalog().modules.values()))
        check_plural(made.plural)
        check_plural_free(made, side)
        with_resources(side, {made.name: made})
    except WrongUsage as refused:
        return str(refused)
    return ""


ENDINGS = ("Create", "Dep", "Factory", "Page", "Query", "QueryDep", "Read", "Update")


def names_around(side: Side) -> set[str]:
    """The names of resources that are in the code of resources, or from which it would
    make one that is: `Session` for `SessionDep`, `FlushAll` for `flush_all`."""
    words = words_around(side)
    found = {pascal_case(word) if word.islower() else word for word in words}
    found |= {name.removesuffix(ending) for name in found for ending in ENDINGS}
    return {name for name in found if may_name_resource(name) and len(name) <= LONGEST}


def words_around(side: Side) -> set[str]:
    """All words in the code of resources."""
    made = {r.name: r for r in (resource("Qqq", "label:str:unique"), owned())}
    tree = rendered_tree(with_resources(side, made))
    code = [
        entry.content.decode()
        for path, entry in tree.items()
        if path.endswith(".py") and ("qqqs" in path or "zzzs" in path)
    ]
    return {word for text in code for word in re.findall(r"[A-Za-z_]\w*", text)}


def owned() -> ResourceSpec:
    fields = ("amount:int:index", "kind:enum:a:b", "at:datetime", "qqqs:many:Qqq")
    return resource("Zzz", *fields, "qqq:ref:Qqq", access="owner")


def test_a_resource_of_any_name_compiles_or_is_refused() -> None:
    side = side_with(*MODULES)
    tried: dict[str, ResourceSpec] = {}
    for name in sorted({*NAMES, *names_around(side)}):
        made = resource(name, "label:str:unique", "amount:int:index", access="owner")
        if why := refusal(made, side):
            assert "\n" not in why
            assert name in why or repr(made.plural) in why
        else:
            tried.setdefault(made.plural, made)
    assert len(tried) > 150
    check_code(side, {r.name: r for r in tried.values()})


def check_code(side: Side, resources: Mapping[str, ResourceSpec]) -> None:
    """Fail unless the code of `resources` compiles, and hides nothing."""
    tree = rendered_tree(with_resources(side, resources))
    changes = [
        Change(path, Action.CREATE, entry.module, None, File(entry.content))
        for path, entry in tree.items()
        if path.endswith(".py")
    ]
    broken = {c.path: compile_problem(c.after.content) for c in changes if c.after}
    assert {path: why for path, why in broken.items() if why} == {}
    assert flaws(changes) == []


KINDS = ("str:index", "int:index", "ref:Tag", "datetime:optional", "enum:a:b", "bool")


def test_a_field_of_any_name_compiles_or_is_refused() -> None:
    side = side_with(*MODULES)
    words = sorted(word for word in words_around(side) if may_name_field(word))
    known = [word for word in words if field_problem(word) is None]
    assert len(known) > 100
    resources = {"Tag": resource("Tag", "label:str")}
    for number, start in enumerate(range(0, len(known), len(KINDS))):
        letters = f"{chr(97 + number // 26)}{chr(97 + number % 26)}"
        few = known[start : start + len(KINDS)]
        fields = [f"{word}:{kind}" for word, kind in zip(few, KINDS, strict=False)]
        resources[f"Zq{letters}"] = resource(f"Zq{letters}", *fields)
    check_code(side, resources)


def test_names_that_pydantic_has_are_refused_and_others_are_not() -> None:
    names = {name for name in dir(BaseModel) if may_name_field(name)}
    assert len(names) > 25
    for name in names | {"model_dump_all", "model_validate_x"}:
        assert "pydantic" in (field_problem(name) or ""), name
    for name in ("model_year", "model", "dump", "fields"):
        assert field_problem(name) is None
