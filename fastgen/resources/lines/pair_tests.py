"""The values that the tests of fields of the type `many` are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.catalog.resource_facts import ADMINS
from fastgen.resources.lines.many import ManyView
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.lines.tests import (
    adding,
    factories_of,
    listed,
    needed_rows,
    other_fixtures,
    parameters_of,
)
from fastgen.resources.resource import ResourceSpec


@dataclass(frozen=True)
class PairTestLines:
    """What tests/test_things_pairs.py is made of; its lists are of paths."""

    imports: tuple[str, ...]
    """Import lines of the factories."""
    parameters: str
    """Parameters of a test that adds rows: `session: AsyncSession, user: User`."""
    paths: str
    """The paths of all fields."""
    calls: tuple[str, ...]
    """The items of a dictionary: a path, and how a row is made that goes there."""
    filtered: str
    """A path and the query parameter, for each field that filters a list."""
    closed: str
    """The paths that nobody reads without a login."""
    public: str
    """The paths that everybody reads."""
    hidden: str
    """The paths that only administrators read."""
    owned: str
    """The paths whose rows belong to somebody."""
    other_parameters: str
    """The parameters of a test that adds rows of another owner to these paths."""
    other_calls: tuple[str, ...]
    """The items of a dictionary: a path of `owned`, and how a row of another owner is
    made."""


def pair_test_lines(
    resource: ResourceSpec,
    around: Surroundings,
    many: Sequence[ManyView],
    filtering: Sequence[ManyView],
) -> PairTestLines:
    names = [resource.name, *(view.target for view in many)]
    needed = needed_rows(names, around)
    closed = resource.access.readers == ADMINS
    owned = [m for m in many if m.owned]
    needed_of_owned = needed_rows([m.target for m in owned], around)
    others = other_fixtures(resource, needed_of_owned)
    return PairTestLines(
        imports=tuple(factories_of(names, needed, around)),
        parameters=parameters_of(needed),
        paths=listed(m.path for m in many),
        calls=tuple(f'"{m.path}": lambda: {adding(m.target, around)},' for m in many),
        filtered=repr([(m.path, m.field) for m in filtering]) if filtering else "",
        closed=listed(m.path for m in many if not m.public),
        public=listed(m.path for m in many if m.public),
        hidden=listed(m.path for m in many if closed or m.arguments),
        owned=listed(m.path for m in owned),
        other_parameters=parameters_of(needed_of_owned, others),
        other_calls=tuple(
            f'"{m.path}": lambda: {adding(m.target, around, others)},' for m in owned
        ),
    )
