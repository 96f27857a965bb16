"""Declarations of modules about resources: owners, permissions and model style."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

EVERYBODY, CALLERS, OWNERS, ADMINS = "everybody", "callers", "owner", "admins"

STRICTNESS: Mapping[str, int] = {EVERYBODY: 0, CALLERS: 1, OWNERS: 2, ADMINS: 2}
"""The groups that may read or write; a lower number includes higher ones.

`callers` are all users who can reach the endpoints. With a module that requires login,
these are the logged-in users.
"""


_OPTION = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

COMMAND_OPTIONS = frozenset(
    """
    access dry-run from help json no-install owned-by plural quiet write-conflicts yes
    """.split()  # noqa: SIM905
)
"""The options of `fastgen generate` for every kind; modules add more."""


def is_command_option(name: str) -> bool:
    """Whether `fastgen generate KIND` has the option `--{name}` or its negation."""
    names = {name, f"no-{name}", name.removeprefix("no-")}
    return not names.isdisjoint(COMMAND_OPTIONS)


def check_option(name: str) -> None:
    """Raise ValueError unless modules may declare `--{name}` for resources."""
    if not _OPTION.fullmatch(name) or is_command_option(name):
        raise ValueError(f"--{name} cannot be an option of a resource")


@dataclass(frozen=True)
class Scope:
    """An owner of rows: each row of a resource refers to a row of `target`."""

    name: str
    """The value of `--owned-by`: `user`."""
    target: str
    """The model of the owner: `User`. Its table has a `fixture`."""
    dependency: str
    """The annotation of an endpoint parameter with the owner's id: `CurrentUserId`."""
    module: str
    """The module of `dependency`."""
    reference: str = "owner"
    """The field that refers to `target`. `_id` is appended for its column and for
    parameters."""

    def __post_init__(self) -> None:
        check_option(self.name)
        names = (self.target, self.dependency, self.reference)
        wrong = [name for name in names if not name.isidentifier() or iskeyword(name)]
        if wrong or self.reference != self.reference.lower():
            name = (*wrong, self.reference)[0]
            raise ValueError(f"the scope {self.name!r}: {name!r} is not a name in code")

    @property
    def column(self) -> str:
        return f"{self.reference}_id"


@dataclass(frozen=True)
class Access:
    """The permissions for the rows of a resource."""

    name: str
    """The value in fastgen.toml: `public-read`."""
    summary: str
    """The permissions, as a sentence."""
    readers: str
    """Who may read: `everybody`, `callers`, `owner` or `admins`."""
    writers: str
    """Who may write; values as for `readers`."""
    scope: str = ""
    """The name of the scope that owns the rows; empty without an owner."""
    preference: int = 0
    """The access with the greatest preference is the default of new resources."""
    imports: tuple[str, ...] = ()
    """Complete import lines of a router."""
    read_decorator: str = ""
    """The decorator of read endpoints: `public`."""
    dependency: str = ""
    """The dependency of all endpoints: `require_admin`."""
    write_dependency: str = ""
    """The dependency of write endpoints."""
    client: str = ""
    """The pytest fixture of a client with all permissions; empty for the default
    client."""

    def __post_init__(self) -> None:
        check_option(self.name)
        for group in (self.readers, self.writers):
            if group not in STRICTNESS:
                known = ", ".join(STRICTNESS)
                raise ValueError(
                    f"the access {self.name!r}: {group!r} is none of {known}"
                )
        if OWNERS in (self.readers, self.writers) and not self.scope:
            raise ValueError(f"the access {self.name!r}: {OWNERS!r} requires a scope")


@dataclass(frozen=True)
class Caller:
    """A test client for endpoints that require login; `client` is its fixture."""

    name: str
    client: str


@dataclass(frozen=True)
class Flag:
    """A flag of a resource: `--{name}` of `generate resource`."""

    name: str
    summary: str

    def __post_init__(self) -> None:
        check_option(self.name)


@dataclass(frozen=True)
class Part:
    """A contribution of a module or a resource to the file `of` of a module."""

    of: str
    name: str
    module: str = ""
    attribute: str = ""
    order: int = 0
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Helper:
    """A module that provides `names` to generated lines of resources. The file of an
    `optional` helper is written only if a resource imports it."""

    module: str
    names: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class ModelStyle:
    """The style of a model class."""

    name: str
    """`mapped` for `Mapped[...] = mapped_column(...)`, `fields` for `Field(...)`."""
    arguments: str = ""
    """Additional arguments of the class: `, table=True`."""
    attribute: str = "{}"
    """The form of a class attribute in a statement: `col({})`."""
    relationship: str = "{}"
    """The form of a relationship in a statement, with `{}` for the attribute."""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Names in lines of a model that need another import, with their modules."""
    imports: tuple[str, ...] = ()
    """Import lines of statements that use `attribute`."""
    relationship_imports: tuple[str, ...] = ()
    """Import lines of statements that use `relationship`."""

    @property
    def fields(self) -> bool:
        return self.name == "fields"
