"""The query parameters of a list that select rows.

This is the one place that decides which fields have which parameters.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from fastgen.resources.resource import Field, ResourceSpec

PAGE_PARAMETERS = ("after", "limit", "sort", "total")
"""The parameters of every list. No filter has one of these names."""

SEARCH = "search"
"""The parameter of lists with fields that can be searched."""

EXPORT_PARAMETERS = {"bulk": ("format",)}
"""The further parameters of resources with a flag, by flag."""

SHORTEST_SEARCH = 3
"""The minimum length of the text that a list is searched for."""

CREATED = Field("created_at", "datetime")

_NUMBERS = ("int", "bigint", "float", "decimal")
_TIMES = ("date", "datetime")
_SINGLE = ("bool",)
"""The types with one value of a filter, because two would match every row."""


class Comparison(StrEnum):
    """How the column of a row is compared with a parameter."""

    EQUAL = "=="
    ANY = "in"
    MIN = ">="
    MAX = "<="
    AFTER = ">"
    BEFORE = "<"


@dataclass(frozen=True)
class Filter:
    """A query parameter that selects the rows with certain values in a column."""

    name: str
    field: Field
    comparison: Comparison

    @property
    def is_range(self) -> bool:
        """Whether it is a limit of a range."""
        return self.comparison not in (Comparison.EQUAL, Comparison.ANY)

    def condition(self, column: str) -> str:
        """The condition of a statement, with the expression `column`."""
        if self.comparison is Comparison.ANY:
            return f"{column}.in_(query.{self.name})"
        return f"{column} {self.comparison} query.{self.name}"


def filters_of(resource: ResourceSpec, many: Iterable[str]) -> tuple[Filter, ...]:
    """The filters of a list of `resource`; `many` are the `many` fields that filter it.

    Fields that lists can be filtered by have one for equality. Numbers, dates and times
    among them have two for a range, and so has the creation time of the rows. A range
    is left out if the name of one of its parameters is taken.
    """
    queried = [field for field in resource.stored if field.queried]
    equal = [found for field in queried for found in _equal(field)]
    columns = {field.column for field in resource.columns}
    reserved = reserved_parameters(resource)
    taken = {*reserved, *columns, *(field.name for field in resource.fields)}
    ranges: list[Filter] = []
    has_filters = bool(queried or [*many] or searched(resource))
    stamps = [CREATED] if has_filters else []
    for field in (*queried, *stamps):
        found = [*_range(field)]
        if not taken & {each.name for each in found}:
            ranges += found
            taken |= {each.name for each in found}
    return (*(each for each in equal if each.name not in reserved), *ranges)


def reserved_parameters(resource: ResourceSpec) -> set[str]:
    """The parameters of a list or an export that are no filters."""
    reserved = {*PAGE_PARAMETERS, *([SEARCH] if searched(resource) else [])}
    further = (EXPORT_PARAMETERS.get(flag, ()) for flag in resource.flags)
    return reserved.union(*further)


def searched(resource: ResourceSpec) -> tuple[Field, ...]:
    """The fields whose texts a list can be searched for."""
    return tuple(field for field in resource.stored if field.search)


def _equal(field: Field) -> Iterator[Filter]:
    comparison = Comparison.EQUAL if field.kind in _SINGLE else Comparison.ANY
    yield Filter(field.column, field, comparison)


def _range(field: Field) -> Iterator[Filter]:
    if field.kind in _NUMBERS:
        yield Filter(f"{field.column}_min", field, Comparison.MIN)
        yield Filter(f"{field.column}_max", field, Comparison.MAX)
    elif field.kind in _TIMES:
        stem = field.column.removesuffix("_at")
        yield Filter(f"{stem}_after", field, Comparison.AFTER)
        yield Filter(f"{stem}_before", field, Comparison.BEFORE)
