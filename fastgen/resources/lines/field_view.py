"""A field as templates see it: data, from which a module can write code of its own."""

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
    """What a field refers to: a resource, or a model of a module."""

    name: str
    """The class: `OrderItem`."""
    table: str
    """Its table; of a resource, its package too: `order_items`."""
    singular: str
    """In names of functions: `order_item`."""
    module: str
    """The module of the class: `shop.order_items.models`."""
    is_resource: bool
    """Whether it is a resource."""


@dataclass(frozen=True)
class FieldView:
    """A field, in the order in which the resource has them."""

    name: str
    """The name: `unit_price`; of a reference without `_id`."""
    column: str
    """The column and the attribute: `unit_price`, `category_id`."""
    kind: str
    """The type in the field's definition: `decimal`."""
    python: str
    """The Python type of its values: `Decimal`; without `| None`."""
    required: bool
    """Whether whoever creates a row has to give it."""
    optional: bool
    """Whether it may be null."""
    unique: bool
    """Whether no two rows have the same value."""
    index: bool
    """Whether it has an index: lists are filtered and sorted by it."""
    readonly: bool
    """Whether requests cannot set it."""
    writeonly: bool
    """Whether responses never show it."""
    default: str
    """Its default as a Python expression; empty if it has none."""
    target: TargetView | None
    """What it refers to; None for a plain value."""
    choices: tuple[str, ...]
    """The values of an enum, else empty."""
    item: str
    """The Python type of the items of a list, else empty."""
    digits: int
    """The digits of a decimal in all, else 0."""
    places: int
    """The decimal places of a decimal, else 0."""
    min: str
    """The least value, or the least length; empty if there is none."""
    max: str
    """The greatest value, or the greatest length; empty if there is none."""
    pattern: str
    """The regular expression that its texts match; empty if there is none."""
    samples: Samples | None
    """Values for tests and examples, as Python expressions; None for a reference."""


def field_views(resource: ResourceSpec, around: Surroundings) -> tuple[FieldView, ...]:
    """The fields of `resource`, without its owner."""
    return tuple(_view(field, around) for field in resource.fields)


def target_view(name: str, around: Surroundings) -> TargetView:
    """The resource or the model `name`."""
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
