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
    All Any Ascii Bool Bytes Callable Chr Class Compile Delattr Dict Dir Enumerate Eval
    Exception Exec File Filter Float Format Frozenset Getattr Globals Hash Help Hex Id
    Input Int Isinstance Iter Len List Map Max Min Next Object Oct Open Ord Pow Print
    Property Range Repr Round Self Set Slice Sorted Staticmethod Str Sum Super Tuple
    Type Vars Warning Zip

    APIRouter BackgroundTask Body Cookie Depends FastAPI Form Header Path Query Request
    Response Router Security State Status UploadFile WebSocket

    Alias AsyncSession Base Boolean Column Connection Constraint Date Delete Engine
    Enum Exists Func Index Insert Integer Join Key Label Mapped Mapper MetaData Model
    Pool Relationship Row Schema Select Sequence Session String Table Text Transaction
    Trigger Union Update Uuid Value View

    Annotated BaseModel ConfigDict Decimal Email Field Generic Json Literal Optional
    Protocol Schema Secret Settings TypeVar UUID Url Validator

    App Cache Check Client Config Contract Create Cursor Error Errors Fixture Flush
    Found Health Lifespan Limit Listing Log Main New Note Owner Page Pair Problem Read
    Reader Record Route Seed Service Show Sort Source Statement Test User Visitor Walk

    Connect Get Head Host Http Method Option Options Patch Post Put Trace Uri

    A As Axis Bus Box Child Data Datum Deer Equipment Fish Fox Goose I Information Is
    Leaf Media Men Money Mouse News Ox People Person Potato Quiz Series Sheep Species
    Staff Status Sulfur X Y

    Async Await Break Case False From Global If Import In Lambda Match None Not Or
    Raise Return True Try While With Yield

    Aux Build Con Dist Docs Env Lib Nul Prn Src Static Temp Tmp Var Venv
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
    assert len(tried) > 100
    tree = rendered_tree(with_resources(side, {r.name: r for r in tried.values()}))
    changes = [
        Change(path, Action.CREATE, entry.module, None, File(entry.content))
        for path, entry in tree.items()
        if path.endswith(".py")
    ]
    broken = {c.path: compile_problem(c.after.content) for c in changes if c.after}
    assert {path: why for path, why in broken.items() if why} == {}
    assert flaws(changes) == []
