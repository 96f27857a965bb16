"""The contributions of a module to shared files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from fastgen.catalog.records import listed_tables, record, strings
from fastgen.catalog.resource_facts import (
    Access,
    Caller,
    Flag,
    Helper,
    ModelStyle,
    Part,
    Scope,
)


@dataclass(frozen=True)
class Router:
    """`from {module} import {attribute} as {name}`, and its `include_router`."""

    name: str
    module: str
    attribute: str = "router"


@dataclass(frozen=True)
class Middleware:
    """A middleware class. The greatest `order` runs first on a request."""

    order: int
    name: str
    module: str
    arguments: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def further(self) -> str:
        """The arguments after the class, each preceded by a comma."""
        return "".join(f", {name}={value}" for name, value in self.arguments.items())


@dataclass(frozen=True)
class Connection:
    """A connection that the lifespan opens: a field of its State, and its expression.

    Connections open in ascending `order`, so an expression can use earlier ones.
    """

    name: str
    type: str
    module: str
    connect: str
    imports: tuple[str, ...] = ()
    order: int = 0

    @property
    def import_lines(self) -> str:
        return "\n".join(self.imports)


@dataclass(frozen=True)
class Setting:
    """A field of Settings, whose type is a group of settings.

    With `production`, the group has a method `production_problems() -> list[str]`. It
    returns the reasons why the application must not start in production.
    """

    field: str
    type: str
    module: str
    production: bool = False


@dataclass(frozen=True)
class Variable:
    """An environment variable.

    A `secret` value is generated, and written only to `.env`. A `password` variable may
    hold a password that was chosen elsewhere. A `migrated` variable is the URL of the
    database that the migrations change. An `optional` variable has a default value: it
    is a comment in `.env.example` and absent from `.env`.
    """

    name: str
    value: str = ""
    comment: str = ""
    secret: bool = False
    password: bool = False
    migrated: bool = False
    optional: bool = False

    @property
    def confidential(self) -> bool:
        """Whether deployments read the variable from their secret store."""
        return self.secret or self.password


@dataclass(frozen=True)
class HealthCheck:
    """A check of `/health/ready`: `from {module} import {function} as {name}`."""

    name: str
    module: str
    function: str = "check"


@dataclass(frozen=True)
class Service:
    """A service of compose.yaml; `definition` is its YAML, without the name."""

    name: str
    definition: str


@dataclass(frozen=True)
class ModuleTable:
    """A model class and its table: `from {module} import {name}`.

    Resources can require a row of the table if it has a `fixture`, a pytest fixture
    that returns a row; `other_fixture` returns another row.
    """

    name: str
    module: str
    table: str
    fixture: str = ""
    other_fixture: str = ""


@dataclass(frozen=True)
class Guard:
    """A dependency of every request: `from {module} import {name}`.

    `amend`, from the same module, is called with the OpenAPI document and the routes.
    """

    name: str
    module: str
    amend: str = ""


@dataclass(frozen=True)
class Mount:
    """A function that mounts something on the application, its argument."""

    name: str
    module: str


@dataclass(frozen=True)
class ContainerVariable:
    """An environment variable of the application's containers in compose.yaml."""

    name: str
    value: str


@dataclass(frozen=True)
class TestService:
    """A service that a CI pipeline starts for the tests. `variable` is set to `url`, in
    which `{host}` is the host of the pipeline's services."""

    name: str
    image: str
    port: int
    health: str
    variable: str
    url: str
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Egress:
    """A port on other hosts that the application connects to."""

    name: str
    port: int


@dataclass(frozen=True)
class GroupDependency:
    """A requirement of a separate dependency group, installed on demand."""

    group: str
    requirement: str


@dataclass(frozen=True)
class RepositoryFile:
    """A file of a module that works only in the root of the repository.

    `change` tells the user how to adapt the file for a project in the subfolder
    `{folder}`.
    """

    path: str
    change: str


@dataclass(frozen=True)
class LoadTask:
    """A task of the load test: a function that is called with a visitor."""

    name: str
    module: str
    function: str = "visit"

    @property
    def import_line(self) -> str:
        name = "" if self.name == self.function else f" as {self.name}"
        return f"from {self.module} import {self.function}{name}"


@dataclass(frozen=True)
class Facts:
    """The contributions of one module, or of all modules together."""

    dependencies: tuple[str, ...] = ()
    """Requirements (PEP 508) of the application."""
    dev_dependencies: tuple[str, ...] = ()
    """Requirements of the development group."""
    group_dependencies: tuple[GroupDependency, ...] = ()
    """Requirements of other dependency groups."""
    routers: tuple[Router, ...] = ()
    """Routers that `main.py` includes."""
    middleware: tuple[Middleware, ...] = ()
    """Middleware that `main.py` adds."""
    connections: tuple[Connection, ...] = ()
    """Connections that `lifespan.py` opens at startup and closes at shutdown."""
    settings: tuple[Setting, ...] = ()
    """Groups of settings, each a field of `Settings`."""
    variables: tuple[Variable, ...] = ()
    """Environment variables, in `.env.example` and `.env`."""
    checks: tuple[HealthCheck, ...] = ()
    """Checks of `/health/ready`."""
    tables: tuple[ModuleTable, ...] = ()
    """Model classes that `db/models.py` imports."""
    guards: tuple[Guard, ...] = ()
    """Dependencies of the whole application."""
    mounts: tuple[Mount, ...] = ()
    """Functions that `main.py` calls after all routers."""
    services: tuple[Service, ...] = ()
    """Services of `compose.yaml`."""
    container_variables: tuple[ContainerVariable, ...] = ()
    """Environment variables of the application's containers."""
    test_services: tuple[TestService, ...] = ()
    """Services that the pipeline starts for the tests."""
    egress: tuple[Egress, ...] = ()
    """Ports on other hosts that the network policy opens."""
    load_tasks: tuple[LoadTask, ...] = ()
    """Tasks of the load test."""
    volumes: tuple[str, ...] = ()
    """Names of volumes in `compose.yaml`."""
    repository_files: tuple[RepositoryFile, ...] = ()
    """Files that work only in the root of the repository."""
    plugins: tuple[str, ...] = ()
    """Dotted names of pytest plugins."""
    ignored: tuple[str, ...] = ()
    """Lines of `.gitignore`."""
    scopes: tuple[Scope, ...] = ()
    """The possible owners of a resource's rows."""
    accesses: tuple[Access, ...] = ()
    """The possible permissions of a resource."""
    callers: tuple[Caller, ...] = ()
    """Test clients that are logged in; empty if no endpoint requires login."""
    flags: tuple[Flag, ...] = ()
    """The possible flags of a resource."""
    parts: tuple[Part, ...] = ()
    """Contributions of modules and resources to one file of a module."""
    helpers: tuple[Helper, ...] = ()
    """The modules of names in generated lines of resources."""
    model_styles: tuple[ModelStyle, ...] = ()
    """The style of models, if not `mapped_column`."""


RECORDS: Mapping[str, type] = {
    "routers": Router,
    "middleware": Middleware,
    "connections": Connection,
    "settings": Setting,
    "variables": Variable,
    "checks": HealthCheck,
    "tables": ModuleTable,
    "guards": Guard,
    "mounts": Mount,
    "services": Service,
    "container_variables": ContainerVariable,
    "test_services": TestService,
    "egress": Egress,
    "group_dependencies": GroupDependency,
    "load_tasks": LoadTask,
    "repository_files": RepositoryFile,
    "scopes": Scope,
    "accesses": Access,
    "callers": Caller,
    "flags": Flag,
    "parts": Part,
    "helpers": Helper,
    "model_styles": ModelStyle,
}
"""The kinds of fact that are tables; every other kind is a string."""


def _order(fact: Any) -> Any:  # noqa: ANN401
    """The sort key of a fact. Requirements sort by name: `pytest` before
    `pytest-cov`."""
    if isinstance(fact, str):
        name = re.match(r"[\w.-]*", fact)
        return (name[0].lower() if name else "", fact)
    return (getattr(fact, "order", 0), getattr(fact, "name", ""), repr(fact))


def united(parts: list[Facts]) -> Facts:
    """All distinct facts of `parts`, sorted, so the order of modules has no effect."""
    return Facts(
        **{
            kind.name: tuple(
                sorted(
                    {fact for part in parts for fact in getattr(part, kind.name)},
                    key=_order,
                )
            )
            for kind in fields(Facts)
        }
    )


_RENAMED = {"resources": "connections"}
"""Former names of kinds of facts."""


def facts_of(table: Mapping[str, Any]) -> Facts:
    """The facts of a module.toml. Raises ValueError for an invalid fact."""
    known = {kind.name for kind in fields(Facts)}
    if unknown := table.keys() - known:
        kind = sorted(unknown)[0]
        hint = f"; it is called {_RENAMED[kind]!r}" if kind in _RENAMED else ""
        raise ValueError(f"unknown kind of fact {kind!r}{hint}")
    kinds: dict[str, Any] = {
        kind: tuple(record(RECORDS[kind], row) for row in listed_tables(kind, rows))
        if kind in RECORDS
        else strings(kind, rows)
        for kind, rows in table.items()
    }
    return Facts(**kinds)
