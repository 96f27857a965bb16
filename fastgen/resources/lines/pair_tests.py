"""The values that the tests of fields of the type `many` are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastgen.resources.lines.many import ManyView
from fastgen.resources.lines.tests import adding, factories_of, listed, needs_user
from fastgen.resources.resource import Access, ResourceSpec


@dataclass(frozen=True)
class PairTestLines:
    """What tests/test_things_pairs.py is made of; its lists are of paths."""

    imports: tuple[str, ...]
    """Import lines of the factories."""
    user_parameter: str
    """`, user: User`, or empty when no row needs a user."""
    paths: str
    """The paths of all fields."""
    calls: tuple[tuple[str, str], ...]
    """A path, and how a row is made that goes there."""
    filtered: str
    """A path and the query parameter, for each field that filters a list."""
    closed: str
    """The paths that nobody reads without a login."""
    public: str
    """The paths that everybody reads."""
    hidden: str
    """The paths that only administrators read."""
    owned: str
    """A path and the factory, for each field whose rows are a user's own."""


def pair_test_lines(
    resource: ResourceSpec,
    resources: Mapping[str, ResourceSpec],
    many: Sequence[ManyView],
    filtering: Sequence[ManyView],
) -> PairTestLines:
    names = [resource.name, *(view.target for view in many)]
    with_user = any(needs_user(name, resources) for name in names)
    closed = resource.access is Access.ADMIN_ONLY
    owned = (m for m in many if resources[m.target].access is Access.OWNER)
    pairs = [f'("{m.path}", add_{m.target_singular})' for m in owned]
    return PairTestLines(
        imports=tuple(factories_of(names, resources, with_user=with_user)),
        user_parameter=", user: User" if with_user else "",
        paths=listed(m.path for m in many),
        calls=tuple((m.path, adding(m.target, resources)) for m in many),
        filtered=repr([(m.path, m.field) for m in filtering]) if filtering else "",
        closed=listed(m.path for m in many if not m.public),
        public=listed(m.path for m in many if m.public),
        hidden=listed(m.path for m in many if closed or m.arguments),
        owned=f"[{', '.join(pairs)}]" if pairs else "",
    )
