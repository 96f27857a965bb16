"""Lines of the tests of `many` fields."""

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
    """Parts of tests/test_things_pairs.py. A list is the text of a list of paths."""

    imports: tuple[str, ...]
    """Import lines of the factories."""
    parameters: str
    """Parameters of a test that adds rows: `session: AsyncSession, user: User`."""
    paths: str
    """The paths of all fields."""
    calls: tuple[str, ...]
    """Items of a dictionary: a path, and the call that adds a row for it."""
    filtered: str
    """Path and query parameter of each field that filters a list."""
    closed: str
    """The paths that require a login to read."""
    public: str
    """The paths that are readable without a login."""
    hidden: str
    """The paths that only administrators can read."""
    owned: str
    """The paths whose rows have an owner."""
    other_parameters: str
    """The parameters of a test that adds rows of another owner."""
    other_calls: tuple[str, ...]
    """Items of a dictionary: a path of `owned`, and the call that adds a row of another
    owner."""


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
