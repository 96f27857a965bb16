"""What a module contributes to the files that all modules share."""

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
    """A middleware class; the one with the greatest `order` sees a request first."""

    order: int
    name: str
    module: str
    arguments: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def further(self) -> str:
        """The arguments behind the class, with a comma before each."""
        return "".join(f", {name}={value}" for name, value in self.arguments.items())


@dataclass(frozen=True)
class Connection:
    """What the lifespan opens: a field of its State, and the expression for it.

    Those with a smaller `order` are opened before, and the expression can name them.
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
    """A field of Settings, with a group of settings as its type.

    One with `production` has a method `production_problems() -> list[str]`: what keeps
    the application from starting in production.
    """

    field: str
    type: str
    module: str
    production: bool = False


@dataclass(frozen=True)
class Variable:
    """An environment variable; a secret one is generated into `.env` alone, and one
    with `password` may hold one that somebody has chosen elsewhere. One with `migrated`
    is the URL of the database that the project's migrations change. The value of an
    `optional` one is the default: it is a comment in `.env.example`, and not in `.env`.
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
        """Whether deployments take it from where they keep secrets."""
        return self.secret or self.password


@dataclass(frozen=True)
class Check:
    """What `/health/ready` asks: `from {module} import {function} as {name}`."""

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
    """A model class, and the table that it maps: `from {module} import {name}`.

    Resources can require a row of one with a `fixture`, a pytest fixture of a row;
    `other_fixture` is the one of another row.
    """

    name: str
    module: str
    table: str
    fixture: str = ""
    other_fixture: str = ""


@dataclass(frozen=True)
class Guard:
    """A dependency that every request goes through: `from {module} import {name}`.

    `amend`, of the same module, is called with the OpenAPI document and the routes.
    """

    name: str
    module: str
    amend: str = ""


@dataclass(frozen=True)
class Mount:
    """A function that is called with the application and mounts something on it."""

    name: str
    module: str


@dataclass(frozen=True)
class ContainerVariable:
    """An environment variable of the application's containers in compose.yaml."""

    name: str
    value: str


@dataclass(frozen=True)
class TestService:
    """A service that a pipeline starts for the tests, and the variable that tells them
    of it; `{host}` in `url` is where the pipeline has its services."""

    name: str
    image: str
    port: int
    health: str
    variable: str
    url: str
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Egress:
    """A port of other machines that the application connects to."""

    name: str
    port: int


@dataclass(frozen=True)
class GroupDependency:
    """A requirement of a dependency group of its own, which is installed on demand."""

    group: str
    requirement: str


@dataclass(frozen=True)
class RepositoryFile:
    """A file of a module that is read in the root of the repository only. `change` says
    what to do to it for a project in the folder `{folder}` below that."""

    path: str
    change: str


@dataclass(frozen=True)
class LoadTask:
    """What visitors of the load test do: a function that is called with one."""

    name: str
    module: str
    function: str = "visit"

    @property
    def import_line(self) -> str:
        name = "" if self.name == self.function else f" as {self.name}"
        return f"from {self.module} import {self.function}{name}"


@dataclass(frozen=True)
class Facts:
    """Everything that one module, or all of them together, contribute."""

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
    """What `lifespan.py` opens at the start and closes at the end."""
    settings: tuple[Setting, ...] = ()
    """Groups of settings, each a field of `Settings`."""
    variables: tuple[Variable, ...] = ()
    """Environment variables, in `.env.example` and `.env`."""
    checks: tuple[Check, ...] = ()
    """What `/health/ready` asks."""
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
    """Ports of other machines that the network policy opens."""
    load_tasks: tuple[LoadTask, ...] = ()
    """Functions that visitors of the load test call."""
    volumes: tuple[str, ...] = ()
    """Names of volumes in `compose.yaml`."""
    repository_files: tuple[RepositoryFile, ...] = ()
    """Files that are read in the root of the repository only."""
    plugins: tuple[str, ...] = ()
    """Dotted names of pytest plugins."""
    ignored: tuple[str, ...] = ()
    """Lines of `.gitignore`."""
    scopes: tuple[Scope, ...] = ()
    """Whose rows a resource can have."""
    accesses: tuple[Access, ...] = ()
    """Who may do what with the rows of a resource."""
    callers: tuple[Caller, ...] = ()
    """How tests reach endpoints that ask for a login; none: nobody logs in."""
    flags: tuple[Flag, ...] = ()
    """What a resource can have beside fields."""
    parts: tuple[Part, ...] = ()
    """What modules and resources contribute to one file of a module."""
    helpers: tuple[Helper, ...] = ()
    """Where names in generated lines of resources come from."""
    model_styles: tuple[ModelStyle, ...] = ()
    """How models are written, if not with `mapped_column`."""


RECORDS: Mapping[str, type] = {
    "routers": Router,
    "middleware": Middleware,
    "connections": Connection,
    "settings": Setting,
    "variables": Variable,
    "checks": Check,
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
    """What a fact is sorted by; a requirement by its name, so that `pytest` comes
    before `pytest-cov`."""
    if isinstance(fact, str):
        name = re.match(r"[\w.-]*", fact)
        return (name[0].lower() if name else "", fact)
    return (getattr(fact, "order", 0), getattr(fact, "name", ""), repr(fact))


def united(parts: list[Facts]) -> Facts:
    """All facts of `parts`, each once, sorted: the order of modules never shows."""
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
"""Kinds of facts that had another name once."""


def facts_of(table: Mapping[str, Any]) -> Facts:
    """The facts of a module.toml. Raises ValueError for what is not of their form."""
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
