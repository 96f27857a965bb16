"""A resource may be called anything, or the name is refused in one line."""

from fastgen.errors import WrongUsage
from fastgen.merge.gate.flaws import compile_problem, flaws
from fastgen.plan import Action, Change
from fastgen.render.render import rendered_tree
from fastgen.resources.names import check_plural, check_resource_name
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


def test_a_resource_of_any_name_compiles_or_is_refused() -> None:
    side = side_with(*MODULES)
    tried: dict[str, ResourceSpec] = {}
    for name in dict.fromkeys(NAMES):
        made = resource(name, "label:str:unique", "amount:int:index", access="owner")
        if why := refusal(made, side):
            assert "\n" not in why
            assert name in why or repr(made.plural) in why
        else:
            tried.setdefault(made.plural, made)
    assert len(tried) > 80
    tree = rendered_tree(with_resources(side, {r.name: r for r in tried.values()}))
    changes = [
        Change(path, Action.CREATE, entry.module, None, File(entry.content))
        for path, entry in tree.items()
        if path.endswith(".py")
    ]
    broken = {c.path: compile_problem(c.after.content) for c in changes if c.after}
    assert {path: why for path, why in broken.items() if why} == {}
    assert flaws(changes) == []
