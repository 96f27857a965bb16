"""Lines of the tests of a resource's lists."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from fastgen.resources.filters import (
    CREATED,
    PAGE_PARAMETERS,
    SEARCH,
    SHORTEST_SEARCH,
    Comparison,
    Filter,
    filters_of,
)
from fastgen.resources.lines.schemas import sorted_by
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.lines.tests import is_given, listed, pair_items
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import Samples, samples_of

SEARCHED = 40
"""The end of the part of a text that tests search for."""


@dataclass(frozen=True)
class ListTestLines:
    """Parts of tests/test_things.py about lists.

    A list is the text of a Python list; an empty list is an empty text.
    """

    sorts: str
    """A list of the sort parameters, in both directions."""
    sorted: str
    """A list of the columns whose sort order is tested in both directions."""
    filtered: tuple[str, ...]
    """Items of a list: columns that filter a list, each with a value that no row
    has."""
    ranges: tuple[str, ...]
    """Items of a list: a parameter of a range, a limit, and how many of the rows of
    `body` and `CHANGES` are within it."""
    created: bool
    """Whether a list is filtered by the time of creation."""
    searches: str
    """A list of texts, each a part of a searched text of `body` in the other case."""
    bad_queries: str
    """A list of invalid queries."""


def list_test_lines(
    resource: ResourceSpec, around: Surroundings, filtering: Sequence[str]
) -> ListTestLines:
    """The lines for `resource`. `filtering` are the `many` fields that filter a
    list."""
    written = [f for f in resource.stored if not f.readonly]
    plain = [f for f in written if not f.target]
    given = [f for f in written if f.target and is_given(f, resource, around)]
    samples = {f.name: samples_of(f) for f in plain}
    filters = filters_of(resource, filtering)
    equal = {f.field.name for f in filters if not f.is_range}
    orders = [f for f in sorted_by(resource.stored) if not f.readonly]
    # Otherwise the rows of `body` and `CHANGES` cannot both exist.
    is_free = not any(f.unique for f in given)
    return ListTestLines(
        sorts=listed(s for f in orders for s in (f.column, f"-{f.column}")),
        sorted=listed(f.column for f in orders if is_free),
        filtered=pair_items(
            (f.column, samples[f.name].update if f in plain else _UNKNOWN_ID)
            for f in (*plain, *given)
            if f.name in equal
        ),
        ranges=tuple(_ranges(filters, samples)) if is_free else (),
        created=any(f.field == CREATED for f in filters),
        searches=listed(_searches([f for f in plain if f.search], samples)),
        bad_queries=listed(_bad_queries(resource, filters)),
    )


_UNKNOWN_ID = repr(str(UUID(int=0)))
"""A reference that no row has."""


def _ranges(filters: Iterable[Filter], samples: Mapping[str, Samples]) -> Iterator[str]:
    for each in filters:
        if not each.is_range or each.field.name not in samples:
            continue
        sample = samples[each.field.name]
        low, high = sorted((sample.create, sample.update), key=_number_or_text)
        if low == high:
            continue
        within_low, within_high = {
            Comparison.MIN: (2, 1),
            Comparison.MAX: (1, 2),
            Comparison.AFTER: (1, 0),
            Comparison.BEFORE: (0, 1),
        }[each.comparison]
        yield f'("{each.name}", {low}, {within_low}),'
        yield f'("{each.name}", {high}, {within_high}),'


def _searches(fields: Sequence[Field], samples: Mapping[str, Samples]) -> Iterator[str]:
    others = [ast.literal_eval(samples[f.name].update).casefold() for f in fields]
    for field in fields:
        part = ast.literal_eval(samples[field.name].create)[1:SEARCHED].swapcase()
        is_known = any(part.casefold() in text for text in others)
        if len(part) >= SHORTEST_SEARCH and not is_known:
            yield part


def _number_or_text(value: str) -> tuple[Decimal, str]:
    """A key that sorts samples of numbers, dates and times."""
    text = value.strip("'")
    try:
        return Decimal(text), ""
    except InvalidOperation:
        return Decimal(0), text


def _bad_queries(resource: ResourceSpec, filters: Iterable[Filter]) -> list[str]:
    """Queries by an unknown field and by a field without an index."""
    known = {*PAGE_PARAMETERS, SEARCH, *(each.name for each in filters)}
    plain = [f.column for f in resource.stored if not f.queried]
    unknown = [name for name in plain if name not in known]
    names = ["no_such_field", *unknown[:1]]
    return [query for name in names for query in (f"{name}=1", f"sort={name}")]
