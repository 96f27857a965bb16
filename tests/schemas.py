"""Schemas drawn at random: one to six resources of all types, flags and limits, with
references to one another, to themselves, and in circles."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st

from fastgen.catalog.facts import ModuleTable
from fastgen.resources.checks import check_resources
from fastgen.resources.grammar import BadField, parse_field
from fastgen.resources.names import plural_of
from fastgen.resources.references import required_circle
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.types import ITEM_TYPES, ON_DELETE, TYPES
from tests.resources import ACCESSES, USER, granted

NAMES = (
    *("Order", "News", "Class", "Category", "Metadata", "List", "OrderItem"),
    *("Product", "Address", "Data"),
)
FIELDS = (
    *("type", "date", "time", "datetime", "field", "text", "uuid", "title", "x1"),
    *("status", "name", "value", "order", "key", "user", "email", "decimal", "rows"),
    *("description", "page", "url", "optional", "self_reference", "literal"),
    *("total", "search", "format", "type_min", "date_after"),
)
PATTERNS = (
    *("^[a-z]{2,3}$", "^[A-Z]{3}-[0-9]+$", "[0-9]", "^(red|green|blue)$", r"^\w+$"),
    *('^"', r"^[\w.]+@[\w.]+$", "^$|^[a-z]"),
)
DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "str": ("", "draft", "it's", 'a "quote"', "%s {x} \\\\", "myapi", "007"),
    "text": ("", "draft", "naïve 🦄", "from myapi.x", "C\\:\\new\\\\"),
    "int": ("0", "-3", "7", "2147483647", "007", "+1_0"),
    "bigint": ("0", "9007199254740991", "-0012"),
    "float": ("0", "-0.5", "1e300", "1e3", "00.50"),
    "decimal": ("0", "0.1", "-0.01", "3", "1E+1", "00.10"),
    "bool": ("true", "false"),
    "date": ("2024-02-29", "20240229"),
    "datetime": ("2024-02-29T23\\:30\\:00+05\\:30", "2024-01-01T00\\:00\\:00Z"),
    "time": ("09\\:30\\:00.25", "0930", "09\\:30"),
    "uuid": (
        "019aa3f0-6c00-7000-8000-00000000000f",
        "{019AA3F0-6C00-7000-8000-00000000000F}",
    ),
}
PLURALS = ("", "op", "sa", "batch_op", "dict", "route", "show")
"""Names of the code around; empty: what the name gives."""

NO_AUTH = ("open",)


def kinds(names: tuple[str, ...], many: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A type with its arguments; a reference is to one of `names`, and many of one of
    `many`."""
    decimals = st.integers(1, 15).flatmap(
        lambda digits: st.integers(0, digits).map(lambda p: f"decimal:{digits}:{p}")
    )
    values = st.lists(
        st.sampled_from(("a", "draft", "in-stock", "X_1", "none", "True")),
        min_size=2,
        unique=True,
    )
    actions = st.sampled_from(("", *(f":{action}" for action in ON_DELETE)))
    special = {
        "decimal": decimals,
        "enum": values.map(lambda found: ":".join(["enum", *found])),
        "list": st.sampled_from([f"list:{item}" for item in ITEM_TYPES]),
        "ref": st.builds("ref:{}{}".format, st.sampled_from(names), actions),
        "many": st.sampled_from([f"many:{name}" for name in many] or ["str"]),
    }
    return st.sampled_from([*TYPES, "ref", "ref", "many"]).flatmap(
        lambda kind: special.get(kind, st.just(kind))
    )


@st.composite
def limits(draw: st.DrawFn, kind: str) -> str:
    found = []
    if draw(st.booleans()) and kind in ("str", "text", "list", "bytes"):
        least = draw(st.sampled_from((0, 1, 2, 5, 36)))
        most = draw(st.sampled_from((1, 3, 4, 40, 300)))
        found = [f"min={least}", f"max={most}"]
    elif draw(st.booleans()) and kind in ("int", "bigint", "float", "decimal"):
        least = draw(st.sampled_from((-500, -1, 0, 1, 3)))
        most = draw(st.sampled_from((-1, 0, 1, 9, 103, 100_000)))
        found = [f"min={least}", f"max={most}"]
    if kind in ("str", "text") and draw(st.integers(0, 3)) == 0:
        found.append("pattern=" + draw(st.sampled_from(PATTERNS)))
    found = [text for text in found if draw(st.booleans())]
    if kind in DEFAULTS and draw(st.integers(0, 2)) == 0:
        found.append("default=" + draw(st.sampled_from(DEFAULTS[kind])))
    return "".join(f":{text}" for text in found)


FLAGS = (
    *("", "", ":optional", ":index", ":unique", ":unique:optional", ":index:optional"),
    *(":optional:readonly", ":readonly", ":writeonly", ":optional:writeonly"),
    *(":search", ":optional:search", ":unique:search"),
)


@st.composite
def fields(
    draw: st.DrawFn, names: tuple[str, ...], many: tuple[str, ...]
) -> tuple[Field, ...]:
    """Those that are drawn and refused lose what they were refused for."""
    found = []
    for name in draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=6)):
        kind = draw(kinds(names, many))
        limit = draw(limits(kind.partition(":")[0]))
        flags = draw(st.sampled_from(FLAGS))
        tries = (
            kind + limit + flags,
            kind + flags,
            kind + limit,
            f"{kind}:optional",
            kind,
        )
        found.append(next(_accepted(name, tries)))
    return tuple(found)


def _accepted(name: str, definitions: tuple[str, ...]) -> Iterator[Field]:
    for definition in definitions:
        try:
            yield parse_field(f"{name}:{definition}")
        except BadField:
            continue


@st.composite
def schemas(
    draw: st.DrawFn,
    *,
    auth: bool = False,
    models: Mapping[str, ModuleTable] = MappingProxyType({}),
) -> dict[str, ResourceSpec]:
    """Resources that may be in a project together; with `auth`, of any access. `models`
    are those of modules that optional references can lead to."""
    names = draw(
        st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=6).map(
            sorted
        )
    )
    ways = st.sampled_from(ACCESSES.names if auth else NO_AUTH)
    access = {name: draw(ways) for name in names}
    resources = {}
    for name in names:
        # What is owned is referred to from what is owned alone.
        targets = [
            other
            for other in names
            if "owner" not in (access[other], access[name]) or access[name] == "owner"
        ]
        # And what administrators alone see, many of from what they alone see.
        many = [
            other
            for other in targets
            if access[other] != "admin-only"
            or access[name] in ("admin-only", "public-read")
        ]
        users = ["User"] if auth else []
        drawn = draw(fields((*targets, *users, *models), tuple(many)))
        drawn = tuple(
            replace(field, optional=True) if field.target in models else field
            for field in drawn
        )
        plural = draw(st.sampled_from(PLURALS)) if name == names[0] else ""
        plural = plural or plural_of(name)
        resources[name] = ResourceSpec(name, plural, drawn, *granted(access[name]))
    while circle := required_circle(resources):
        resource = resources[circle[0]]
        loose = tuple(
            replace(field, optional=True) if field.kind == "ref" else field
            for field in resource.fields
        )
        resources[circle[0]] = replace(resource, fields=loose)
    check_resources(resources, {**models, **(USER if auth else {})})
    return resources
