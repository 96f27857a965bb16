"""The view of a resource for its templates: fields as data, and lines of its files.

Lines are computed when a template uses them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from fastgen.catalog.resource_facts import EVERYBODY, Access, Scope
from fastgen.resources.filters import reserved_parameters, searched
from fastgen.resources.lines.choices import choice_classes
from fastgen.resources.lines.endpoints import EndpointLines, endpoint_lines
from fastgen.resources.lines.field_view import FieldView, field_views
from fastgen.resources.lines.list_tests import ListTestLines, list_test_lines
from fastgen.resources.lines.many import ManyView, many_views
from fastgen.resources.lines.model import ModelLines, model_lines
from fastgen.resources.lines.pair_tests import PairTestLines, pair_test_lines
from fastgen.resources.lines.schemas import SchemaLines, schema_lines
from fastgen.resources.lines.service import ServiceLines, service_lines
from fastgen.resources.lines.statements import related_fields, shows
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.lines.tests import TestLines, test_lines
from fastgen.resources.resource import ResourceSpec

_IMPORT = re.compile(r"from ([\w.]+) import ([\w, ]+)$")


@dataclass(frozen=True)
class View:
    """A resource in the context of its project."""

    _resource: ResourceSpec
    _around: Surroundings

    @property
    def name(self) -> str:
        """The class: `OrderItem`."""
        return self._resource.name

    @property
    def plural(self) -> str:
        """The package and the table: `order_items`."""
        return self._resource.plural

    @property
    def access(self) -> Access:
        """The permissions."""
        return self._resource.access

    @property
    def scope(self) -> Scope | None:
        """The owner of its rows; None without one."""
        return self._resource.scope

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of its flags, sorted."""
        return self._resource.flags

    @property
    def public(self) -> bool:
        """Whether reading requires no login."""
        return self.access.readers == EVERYBODY

    @property
    def searched(self) -> bool:
        """Whether its lists can be searched for a text."""
        return bool(searched(self._resource))

    @cached_property
    def fields(self) -> tuple[FieldView, ...]:
        """The fields in their order, without the owner."""
        return field_views(self._resource, self._around)

    @cached_property
    def many(self) -> tuple[ManyView, ...]:
        """The `many` fields, with the expressions of their endpoints."""
        return many_views(self._resource, self._around)

    @cached_property
    def filtering(self) -> tuple[ManyView, ...]:
        """The `many` fields that filter a list."""
        resources = self._around.resources
        reserved = reserved_parameters(self._resource)
        return tuple(
            found
            for found in self.many
            if found.field not in reserved
            and shows(self._resource, resources[found.target])
        )

    @cached_property
    def model(self) -> ModelLines:
        """The lines of models.py."""
        return model_lines(self._resource, self._around)

    @cached_property
    def schemas(self) -> SchemaLines:
        """The lines of schemas.py and summary.py."""
        resources = self._around.resources
        related = related_fields(self._resource, self._around)
        shown = {
            field.name: self._around.module(f"{resources[field.target].plural}.summary")
            for field in self._resource.stored
            if field.name in related
        }
        names = [found.field for found in self.filtering]
        models = self._around.module(f"{self._resource.plural}.models")
        choices = dict.fromkeys(choice_classes(self._resource).values(), models)
        known = {**self._around.helpers, **choices}
        return schema_lines(self._resource, names, shown, known)

    @cached_property
    def service(self) -> ServiceLines:
        """The lines of service.py."""
        found = (self.many, self.filtering)
        return service_lines(self._resource, *found, self._around)

    @cached_property
    def endpoints(self) -> EndpointLines:
        """The lines of router.py."""
        return endpoint_lines(self._resource, self._around)

    @cached_property
    def tests(self) -> TestLines:
        """The lines of the tests and the factory."""
        return test_lines(self._resource, self._around)

    @cached_property
    def list_tests(self) -> ListTestLines:
        """The lines of the tests of lists."""
        names = [found.field for found in self.filtering]
        return list_test_lines(self._resource, self._around, names)

    @cached_property
    def pair_tests(self) -> PairTestLines:
        """The lines of the tests of `many` fields."""
        found = (self.many, self.filtering)
        return pair_test_lines(self._resource, self._around, *found)


def imported_modules(views: Iterable[View]) -> frozenset[str]:
    """The dotted names that files of resources import, including parent packages."""
    names: set[str] = set()
    for view in views:
        for lines in (view.model, view.schemas, view.service):
            found = (_IMPORT.match(line) for line in lines.imports)
            names |= {name for match in found if match for name in _imported(match)}
    return frozenset(names)


def _imported(match: re.Match[str]) -> Iterator[str]:
    module = match[1]
    yield from accumulate(module.split("."), "{}.{}".format)
    yield from (f"{module}.{name}" for name in match[2].split(", "))
