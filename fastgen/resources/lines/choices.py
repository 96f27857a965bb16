"""Classes of enum fields in models.py: `class ProductStatus(StrEnum)`."""

from collections.abc import Mapping

from fastgen.resources.names import PLATFORM, pascal_case
from fastgen.resources.resource import Field, ResourceSpec

_SCHEMAS = ("Create", "Page", "Query", "Read", "Summary", "Update")

TAKEN = frozenset(
    """
    After Annotated Any AnyOf AtLeast AtMost Base64 BaseModel Before ClockTime
    ConfigDict Day Decimal EmailAddress Exactly Field FixedPoint Float Int32 Int53
    JsonObject Literal Moment Page PageQuery SearchText ShortText Sort SortedBy Stored
    StrEnum Strict StrictBool Text VisibleText WebAddress
    """.split()  # noqa: SIM905
)
"""Names in schemas.py that types of fields cannot have."""


def taken_names(resource: ResourceSpec) -> set[str]:
    """The names that types of fields of `resource` cannot have."""
    targets = {field.target for field in resource.fields if field.target}
    parts = [*_SCHEMAS, *(["Filters"] if "bulk" in resource.flags else [])]
    schemas = {resource.name + part for part in parts}
    return {*TAKEN, *schemas, *targets, *(f"{name}Summary" for name in targets)}


def choice_classes(resource: ResourceSpec) -> Mapping[str, str]:
    """The class name of each enum field, by field."""
    taken = taken_names(resource) | PLATFORM
    found: dict[str, str] = {}
    for field in resource.fields:
        if field.kind == "enum":
            name = resource.name + pascal_case(field.name)
            found[field.name] = f"{name}Value" if name in taken else name
    return found


def choice_statements(resource: ResourceSpec) -> tuple[str, ...]:
    """The class definition of each enum field."""
    classes = choice_classes(resource)
    return tuple(
        "\n".join(
            [
                f"class {classes[field.name]}(StrEnum):",
                *(f'    {key} = "{value}"' for value, key in members_of(field).items()),
            ]
        )
        for field in resource.fields
        if field.kind == "enum"
    )


def members_of(field: Field) -> Mapping[str, str]:
    """The member name of each value."""
    members: dict[str, str] = {}
    for value in field.arguments:
        name = base = value.replace("-", "_").upper()
        number = 2
        while name in members.values():
            name = f"{base}_{number}"
            number += 1
        members[value] = name
    return members


def default_member(field: Field, name: str) -> str:
    """The default of an enum field with the class `name`, as an expression."""
    assert field.default is not None
    return f"{name}.{members_of(field)[field.default]}"
