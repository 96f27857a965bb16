"""Names of resources and fields: validation and derived names."""

import keyword
import re
import unicodedata
from collections.abc import Collection

from fastgen.errors import WrongUsage
from fastgen.names import DEVICES

LONGEST = 40

_RESOURCE = re.compile(r"[A-Z][A-Za-z0-9]*")
_PLURAL = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_TEMPLATES = "myapi"

_PLATFORM = frozenset(
    """
    APIRouter Any Annotated AppError AsyncSession Base BaseModel ConfigDict
    ConflictError Decimal CurrentUserId Depends False Field ForeignKey JSON Literal
    Mapped None NotFoundError Page PageQuery Query ReadSession ReadSessionDep Record
    Select SessionDep String Text Time True UUID Uuid Date Float
    Integer Boolean BigInteger LargeBinary FixedDecimal UTCDateTime Relationship Input
    """.split()  # noqa: SIM905
)

_PLATFORM_LATER = frozenset(
    """
    Add After AnyOf AsyncClient AsyncConnection AtLeast AtMost Awaitable Before CHANGES
    Callable CheckConstraint Double Exactly Foreign JSONDocument Model ModelFactory
    Optional PageDep SECRET SearchText Session SortedBy Stored StrEnum URL
    UniqueConstraint
    """.split()  # noqa: SIM905
)
"""Names in surrounding code that an existing resource may have. Older versions allowed
them, and they do not always cause errors."""

PLATFORM = _PLATFORM | _PLATFORM_LATER
"""Names in the code around a resource."""

_PAIRS = frozenset({"check_found", "mapped_column"})
"""Names in surrounding code that an association table could have."""

_FIELDS_OF_OTHERS = {
    "is a column of every resource already": frozenset(
        {"created_at", "id", "updated_at"}
    ),
    "is a parameter of every list already": frozenset({"after", "limit", "sort"}),
    "is an attribute of SQLAlchemy's models": frozenset(
        {"awaitable_attrs", "metadata", "registry", "type_annotation_map"}
    ),
    "is an attribute of pydantic's models": frozenset(
        """
        construct copy dict from_orm json model_computed_fields model_config
        model_construct model_copy model_dump model_dump_json model_extra model_fields
        model_fields_set model_json_schema model_parametrized_name model_post_init
        model_rebuild model_validate model_validate_json model_validate_strings
        parse_file parse_obj parse_raw schema schema_json update_forward_refs validate
        """.split()  # noqa: SIM905
    ),
    "is a name in the code around it": frozenset(
        "bool bytes cls dt float int list new query self session str".split()  # noqa: SIM905
    ),
}
"""Names that fields cannot have, by reason."""

_PROTECTED = ("model_dump", "model_validate", "sqlmodel_")
"""Prefixes of names that pydantic and SQLModel reserve."""


SYSTEM_COLUMNS = frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"})
"""Columns of every PostgreSQL table. An existing field may have such a name, because
SQLite lacks these columns."""


class InvalidResourceName(WrongUsage):
    """{name!r} cannot name {what}: a name is of ASCII letters and digits, has at
    most {longest} of them and begins with a capital, like OrderItem. Try {nearest}."""


class ReservedResourceName(WrongUsage):
    """{name} cannot name {what}: {why}; choose another name."""


class SingularTaken(WrongUsage):
    """{name} cannot be a resource beside {other}: functions of both would be called by
    {singular}; choose another name."""


class InvalidPlural(WrongUsage):
    """{plural!r} cannot be a plural: it is in small letters, digits and _, like
    order_items, and of at most {longest} characters."""


class ReservedPlural(WrongUsage):
    """{plural!r} cannot be a plural: {why}; choose another one with --plural."""


class PluralTaken(WrongUsage):
    """{name} cannot be called {plural} in the plural: {what} has that name already;
    choose another one with --plural."""


def check_resource_name(
    name: str,
    models: Collection[str],
    what: str = "a resource",
    *,
    recorded: bool = False,
) -> None:
    """Raise an error unless `name` is valid for a resource, or for `what`.

    `models` are the models of modules. `recorded` tells whether the project already has
    the resource. Raises InvalidResourceName and ReservedResourceName.
    """
    if not _RESOURCE.fullmatch(name) or len(name) > LONGEST:
        nearest = _nearest(name)
        raise InvalidResourceName(
            name=name, what=what, longest=LONGEST, nearest=nearest
        )
    why = ""
    if name in models:
        why = "a module has a model of that name"
    later = name in _PLATFORM_LATER and not recorded
    if name in _PLATFORM or later or keyword.iskeyword(name):
        why = "the code around it uses that name"
    if why:
        raise ReservedResourceName(name=name, what=what, why=why)


def may_name_resource(name: str) -> bool:
    """Whether `name` has the form of a resource name, such as `OrderItem`."""
    return _RESOURCE.fullmatch(name) is not None


def may_name_field(name: str) -> bool:
    """Whether `name` has the form of a field name, such as `sold_at`."""
    return _FIELD.fullmatch(name) is not None


def check_item_name(name: str, kind: str) -> None:
    """Raise an error unless `name` is valid for an item of `kind` and for its package.
    Raises InvalidResourceName and ReservedResourceName."""
    what = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    check_resource_name(name, (), what)
    singular = snake_case(name)
    why = _package_problem(singular)
    why = f"its package would be {singular}, and {why}" if why else ""
    if _TEMPLATES in singular.split("_"):
        why = f"{_TEMPLATES} stands for the project's package in templates"
    if why:
        raise ReservedResourceName(name=name, what=what, why=why)


def check_plural(plural: object) -> None:
    """Raise InvalidPlural or ReservedPlural unless `plural` is a valid plural. The
    value may come from a file and have any type."""
    if (
        not isinstance(plural, str)
        or not _PLURAL.fullmatch(plural)
        or len(plural) > LONGEST
    ):
        raise InvalidPlural(plural=plural, longest=LONGEST)
    if why := _package_problem(plural):
        raise ReservedPlural(plural=plural, why=why)


def _package_problem(name: str) -> str:
    """The reason why a package cannot be called `name`; empty if it can."""
    if keyword.iskeyword(name):
        return "it is a keyword of Python"
    return "no folder has that name on Windows" if name in DEVICES else ""


def hides_in_pairs(table: str) -> bool:
    """Whether an association table of this name would shadow a name in its code."""
    return table in _PAIRS


def snake_case(name: str) -> str:
    """`OrderItem` gives `order_item`."""
    return _HUMP.sub("_", name).lower()


def pascal_case(name: str) -> str:
    """`unit_price` gives `UnitPrice`."""
    return "".join(part.capitalize() for part in name.split("_"))


def plural_of(name: str) -> str:
    """`OrderItem` gives `order_items`."""
    from pluralizer import Pluralizer

    *words, last = snake_case(name).split("_")
    rules = Pluralizer()  # type: ignore[no-untyped-call]
    return "_".join([*words, rules.pluralize(last)])


def field_problem(name: str) -> str | None:
    """The reason why a field cannot be called `name`; None if it can."""
    if not _FIELD.fullmatch(name) or len(name) > LONGEST:
        return (
            "a name is in small letters, digits and _, begins with a letter, and has at"
            f" most {LONGEST} characters"
        )
    if keyword.iskeyword(name):
        return f"{name} is a keyword of Python"
    for why, names in _FIELDS_OF_OTHERS.items():
        if name in names:
            return f"{name} {why}"
    if name.startswith(_PROTECTED):
        return f"{name} begins as attributes of pydantic's models do"
    return None


def _nearest(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    joined = "".join(word[:1].upper() + word[1:] for word in words)[:LONGEST]
    joined = joined.lstrip("0123456789")
    return joined[:1].upper() + joined[1:] or "Product"
