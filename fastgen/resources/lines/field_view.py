"""Fields as data for templates, from which modules can generate code."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.lines.values import default_of, python_type
from fastgen.resources.literals import limit_value, text_of
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import Samples, bounds, samples_of
from fastgen.resources.types import TYPES, Limits


@dataclass(frozen=True)
class TargetView:
    """The target of a field: a resource or a model of a module."""

    name: str
    """The class: `OrderItem`."""
    table: str
    """The table; for a resource also the package: `order_items`."""
    singular: str
    """The singular in function names: `order_item`."""
    module: str
    """The module of the class: `shop.order_items.models`."""
    is_resource: bool
    """Whether it is a resource."""


@dataclass(frozen=True)
class FieldView:
    """A field of a resource."""

    name: str
    """The name: `unit_price`; for a reference without `_id`."""
    column: str
    """The column and the attribute: `unit_price`, `category_id`."""
    kind: str
    """The type in the field's definition: `decimal`."""
    python: str
    """The Python type without `| None`: `Decimal`."""
    required: bool
    """Whether requests that create a row must contain the field."""
    optional: bool
    """Whether it may be null."""
    unique: bool
    """Whether values are unique."""
    index: bool
    """Whether lists can be filtered and sorted by the field."""
    search: bool
    """Whether lists can be searched for a part of its text."""
    readonly: bool
    """Whether requests cannot set it."""
    writeonly: bool
    """Whether responses never contain it."""
    default: str
    """The default as a Python expression; empty without one."""
    target: TargetView | None
    """The target of a reference; None for other fields."""
    choices: tuple[str, ...]
    """The values of an enum, else empty."""
    item: str
    """The Python type of the items of a list, else empty."""
    digits: int
    """The total digits of a decimal, else 0."""
    places: int
    """The decimal places of a decimal, else 0."""
    min: str
    """The minimum value or length; empty without one."""
    max: str
    """The maximum value or length; empty without one."""
    pattern: str
    """The regular expression for its texts; empty without one."""
    samples: Samples | None
    """Sample values for tests and examples, as Python expressions; None for a
    reference."""


def field_views(resource: ResourceSpec, around: Surroundings) -> tuple[FieldView, ...]:
    """The fields of `resource` in their order, without its owner."""
    return tuple(_view(field, around) for field in resource.fields)


def target_view(name: str, around: Surroundings) -> TargetView:
    """The view of the resource or model `name`."""
    if name in around.resources:
        plural = around.resources[name].plural
        module = around.module(f"{plural}.models")
        return TargetView(name, plural, snake_case(name), module, is_resource=True)
    model = around.models[name]
    singular = snake_case(name)
    return TargetView(name, model.table, singular, model.module, is_resource=False)


def _view(field: Field, around: Surroundings) -> FieldView:
    limits = _limits(field)
    digits, places = field.arguments if field.kind == "decimal" else (0, 0)
    return FieldView(
        name=field.name,
        column=field.column,
        kind=field.kind,
        python=python_type(field, hidden=False),
        required=field.required,
        optional=field.optional,
        unique=field.unique,
        index=field.queried,
        search=field.search,
        readonly=field.readonly,
        writeonly=field.writeonly,
        default=default_of(field, hidden=False) or "",
        target=target_view(field.target, around) if field.target else None,
        choices=field.arguments if field.kind == "enum" else (),
        item=field.arguments[0] if field.kind == "list" else "",
        digits=int(digits),
        places=int(places),
        min=limits["min"],
        max=limits["max"],
        pattern=field.pattern or "",
        samples=None if field.target else samples_of(field),
    )


def _limits(field: Field) -> Mapping[str, str]:
    if TYPES[field.kind].limits is Limits.LENGTH:
        least, most = bounds(field)
        return {"min": str(least), "max": str(most)}
    limits = {"min": field.min, "max": field.max}
    return {
        key: "" if text is None else text_of(limit_value(field, text))
        for key, text in limits.items()
    }
