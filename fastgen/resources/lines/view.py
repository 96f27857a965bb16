"""What a template of a resource sees: names, and lines that are made in code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastgen.resources.associations import associations_of
from fastgen.resources.lines.generated_names import by_id, variable_of
from fastgen.resources.lines.load import LoadLines, load_lines
from fastgen.resources.lines.many import ManyView, many_imports, many_views
from fastgen.resources.lines.model import ModelLines, Target, model_lines
from fastgen.resources.lines.pair_tests import PairTestLines, pair_test_lines
from fastgen.resources.lines.schemas import SchemaLines, schema_lines
from fastgen.resources.lines.tests import TestLines, test_lines
from fastgen.resources.names import snake_case
from fastgen.resources.references import in_circle
from fastgen.resources.resource import Access, ResourceSpec

THING = "Thing"
"""What stands for the resource's name in facts of modules."""

_OF_PACKAGE = re.compile(r"from myapi\.([\w.]+) import")

_STRICTNESS = {
    Access.PUBLIC_READ: 0,
    Access.OPEN: 1,
    Access.OWNER: 2,
    Access.ADMIN_ONLY: 2,
}


@dataclass(frozen=True)
class Model:
    """A model of a module, which a resource can refer to."""

    module: str
    table: str


@dataclass(frozen=True)
class Filter:
    name: str
    condition: str


@dataclass(frozen=True)
class Guarded:
    """A reference that has to stay among the rows of one user."""

    column: str
    plural: str
    singular: str
    optional: bool

    @property
    def statement(self) -> str:
        return by_id(self.singular)


@dataclass(frozen=True)
class View:
    """The names of a resource, and the lines of its files.

    Its rows may be a user's own: then `owner_...` say that in each signature and call.
    """

    name: str
    """The class: `OrderItem`."""
    plural: str
    """The package and the table: `order_items`."""
    singular: str
    """In names of functions: `order_item`."""
    variable: str
    """A variable that holds one row: `order_item`, or `order_item_row`."""
    path: str
    """Its part of the URL: `order-items`."""
    label: str
    """One in prose: `order item`."""
    labels: str
    """Several in prose: `order items`."""
    owned: bool
    """Whether each user has their own rows."""
    public: bool
    """Whether everybody reads without a login."""
    related: str
    """A list of the references that are loaded with a row, or empty."""
    many: tuple[ManyView, ...]
    """Its fields of the type `many`."""
    filtering: tuple[ManyView, ...]
    """Those of `many` by which a list is filtered."""
    many_imports: tuple[str, ...]
    """Import lines for the targets of `many`, one statement a line."""
    guarded: tuple["Guarded", ...]
    """The references that must stay among the rows of one user."""
    filters: tuple[Filter, ...]
    """The query parameters of a list, each with its condition."""
    rows: str
    """The statement of all rows."""
    row: str
    """The statement of one row, by its id."""
    base_query: str
    """The expression of the statement of all rows: `select(...)`."""
    id_expression: str
    """The id in a statement: `OrderItem.id`, or `col(OrderItem.id)`."""
    query_imports: tuple[str, ...]
    """Import lines of the statements, one statement a line."""
    router_imports: tuple[str, ...]
    """Import lines of the router, one statement a line."""
    router_arguments: str
    """Further arguments of the router, with a comma before each."""
    write_arguments: str
    """Further arguments of endpoints that write, with a comma before each."""
    owner_parameter: str
    """`owner_id: UUID, ` in signatures of the service, or empty."""
    owner_dependency: str
    """`owner_id: CurrentUserId, ` in signatures of endpoints, or empty."""
    owner_passed: str
    """`owner_id, ` in calls of the service, or empty."""
    owner_value: str
    """`'owner_id': owner_id, ` in values of a statement, or empty."""
    model: ModelLines
    """The lines of models.py."""
    schemas: SchemaLines
    """The lines of schemas.py."""
    tests: TestLines
    """The values of the tests and of the factory."""
    pair_tests: PairTestLines
    """The values of the tests of `many`."""
    load: LoadLines
    """The lines of the load test."""

    @property
    def imported(self) -> frozenset[str]:
        """The modules of the package that it needs and that resources share, as in
        `fields.texts`; and the packages that these are in."""
        lines = [*self.model.imports, *self.schemas.imports, *self.query_imports]
        names = {match[1] for match in map(_OF_PACKAGE.match, lines) if match}
        names |= {"db.pairs"} if self.many else set()
        return frozenset(names | {name.rpartition(".")[0] for name in names})


@dataclass(frozen=True)
class Surroundings:
    """What a resource is among."""

    resources: Mapping[str, ResourceSpec]
    models: Mapping[str, Model]
    sqlmodel: bool
    auth: bool


def view_of(resource: ResourceSpec, around: Surroundings) -> View:
    resources = around.resources
    circle = in_circle(resource.name, resources)
    targets = {
        field.target: _target(field.target, around, circle)
        for field in (*resource.columns, *resource.many)
        if field.target
    }
    tables = {name: other.plural for name, other in resources.items()}
    many = many_views(resource, resources, sqlmodel=around.sqlmodel)
    shown = {
        field.name: f"myapi.{resources[field.target].plural}.summary"
        for field in resource.stored
        if field.target in resources and _shows(resource, resources[field.target])
    }
    name, singular = resource.name, snake_case(resource.name)
    owned = resource.access is Access.OWNER

    def column(field: str) -> str:
        return f"col({name}.{field})" if around.sqlmodel else f"{name}.{field}"

    filtering = [m for m in many if _shows(resource, resources[m.target])]
    queried = [field for field in resource.stored if field.queried]
    relation = "selectinload(related({}))" if around.sqlmodel else "selectinload({})"
    loads = ", ".join(relation.format(f"{name}.{field}") for field in shown)
    query = f"select({name})" + (f".options({loads})" if loads else "")
    query += f".where({column('owner_id')} == bindparam('owner_id'))" if owned else ""
    return View(
        name=name,
        plural=resource.plural,
        singular=singular,
        variable=variable_of(singular),
        path=resource.plural.replace("_", "-"),
        label=singular.replace("_", " "),
        labels=resource.plural.replace("_", " "),
        owned=owned,
        public=resource.access is Access.PUBLIC_READ,
        related=repr(list(shown)) if shown else "",
        many=many,
        filtering=tuple(filtering),
        many_imports=tuple(sorted({*many_imports(many, sqlmodel=around.sqlmodel)})),
        guarded=tuple(_guarded_references(resource, resources)) if owned else (),
        filters=(
            *(
                Filter(f.column, f"{column(f.column)} == bindparam('{f.column}')")
                for f in queried
            ),
            *(Filter(m.field, f"{column('id')}.in_({m.filter})") for m in filtering),
        ),
        rows=resource.plural.upper(),
        row=by_id(singular),
        base_query=query,
        id_expression=column("id"),
        query_imports=tuple(_query_imports(bool(loads), around.sqlmodel)),
        router_imports=_ROUTER_IMPORTS.get(resource.access, ()),
        router_arguments=_guarded(resource, Access.ADMIN_ONLY),
        write_arguments=_guarded(resource, Access.PUBLIC_READ),
        owner_parameter="owner_id: UUID, " if owned else "",
        owner_dependency="owner_id: CurrentUserId, " if owned else "",
        owner_passed="owner_id, " if owned else "",
        owner_value="'owner_id': owner_id, " if owned else "",
        model=model_lines(
            resource,
            associations_of(resource, tables),
            targets,
            sqlmodel=around.sqlmodel,
        ),
        schemas=schema_lines(
            name, resource.stored, [m.field for m in filtering], shown
        ),
        tests=test_lines(resource, resources, auth=around.auth),
        pair_tests=pair_test_lines(resource, resources, many, filtering),
        load=load_lines(resource, resources, variable_of(singular)),
    )


_ROUTER_IMPORTS = {
    Access.OWNER: ("from myapi.auth.deps import CurrentUserId",),
    Access.ADMIN_ONLY: ("from myapi.auth.deps import require_admin",),
    Access.PUBLIC_READ: (
        "from myapi.auth.deps import require_admin",
        "from myapi.auth.guard import public",
    ),
}


def _guarded_references(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec]
) -> Iterator[Guarded]:
    for field in resource.stored:
        target = resources.get(field.target)
        if target and target.access is Access.OWNER:
            name = snake_case(target.name)
            yield Guarded(field.column, target.plural, name, field.optional)


def _guarded(resource: ResourceSpec, access: Access) -> str:
    guard = ", dependencies=[Depends(require_admin)]"
    return guard if resource.access is access else ""


def _query_imports(loads: bool, sqlmodel: bool) -> Iterator[str]:
    if loads:
        yield "from sqlalchemy.orm import selectinload"
    if sqlmodel:
        yield "from sqlmodel import col"
    if sqlmodel and loads:
        yield "from myapi.db.related import related"


def _target(name: str, around: Surroundings, circle: frozenset[str]) -> Target:
    if name in around.resources:
        plural = around.resources[name].plural
        module = f"myapi.{plural}.models"
        return Target(name, module, plural, of_resource=True, quoted=name in circle)
    model = around.models[name]
    return Target(name, model.module, model.table, of_resource=False, quoted=False)


def _shows(resource: ResourceSpec, target: ResourceSpec) -> bool:
    """Whether who reads a row may read what it refers to."""
    return (
        resource.access == target.access
        or _STRICTNESS[target.access] < _STRICTNESS[resource.access]
    ) and not (target.access is Access.OPEN and resource.access is Access.PUBLIC_READ)
