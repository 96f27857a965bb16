"""What modules say about resources: who owns rows, who may do what, and how the code
of a model looks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

EVERYBODY, CALLERS, OWNERS, ADMINS = "everybody", "callers", "owner", "admins"

STRICTNESS: Mapping[str, int] = {EVERYBODY: 0, CALLERS: 1, OWNERS: 2, ADMINS: 2}
"""Who reads or writes; a group of a lower number includes those of a higher one.

`callers` are all who reach the endpoints: with a module that asks for a login, those
who are logged in.
"""


_OPTION = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

COMMAND_OPTIONS = frozenset(
    """
    access dry-run from help json no-install owned-by plural quiet write-conflicts yes
    """.split()  # noqa: SIM905
)
"""The options of `fastgen generate KIND` for every KIND; modules add others."""


def is_command_option(name: str) -> bool:
    """Whether `fastgen generate KIND` has the option `--{name}` or its opposite."""
    names = {name, f"no-{name}", name.removeprefix("no-")}
    return not names.isdisjoint(COMMAND_OPTIONS)


def check_option(name: str) -> None:
    """Raise ValueError unless `--{name}` can be an option of `generate resource`."""
    if not _OPTION.fullmatch(name) or is_command_option(name):
        raise ValueError(f"--{name} cannot be an option of a resource")


@dataclass(frozen=True)
class Scope:
    """Whose rows a resource has: each row refers to one row of the model `target`."""

    name: str
    """The word after `--owned-by`: `user`."""
    target: str
    """The model that owns rows: `User`. Its table has a `fixture`."""
    dependency: str
    """The annotation of an endpoint's parameter that is the owner's id:
    `CurrentUserId`."""
    module: str
    """The module of `dependency`."""
    reference: str = "owner"
    """The field that refers to `target`; its column and the parameters have `_id`
    behind it."""

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
    """Who may do what with the rows of a resource."""

    name: str
    """The value in fastgen.toml: `public-read`."""
    summary: str
    """Who may do what, as a sentence."""
    readers: str
    """Who reads: `everybody`, `callers`, `owner` or `admins`."""
    writers: str
    """Who writes: one of the same."""
    scope: str = ""
    """The name of the scope whose rows these are; empty if they belong to nobody."""
    preference: int = 0
    """New resources have the access with the greatest preference."""
    imports: tuple[str, ...] = ()
    """Import lines of a router, whole statements."""
    read_decorator: str = ""
    """The decorator of endpoints that read: `public`."""
    dependency: str = ""
    """The dependency of all endpoints: `require_admin`."""
    write_dependency: str = ""
    """The dependency of endpoints that write."""
    client: str = ""
    """The pytest fixture of a client that may do everything; empty: the one that all
    callers have."""

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
    """How tests reach endpoints that ask for a login: the fixture of a client."""

    name: str
    client: str


@dataclass(frozen=True)
class Flag:
    """What a resource can have beside fields: `--{name}` of `generate resource`."""

    name: str
    summary: str

    def __post_init__(self) -> None:
        check_option(self.name)


@dataclass(frozen=True)
class Part:
    """What a module or a resource contributes to one file of a module, `of`."""

    of: str
    name: str
    module: str = ""
    attribute: str = ""
    order: int = 0
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Helper:
    """A module of which generated lines of resources import `names`. The file of one
    that is `optional` is written only if a resource imports it."""

    module: str
    names: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class ModelStyle:
    """How a model's class is written."""

    name: str
    """`mapped` for `Mapped[...] = mapped_column(...)`, `fields` for `Field(...)`."""
    arguments: str = ""
    """Further arguments of the class: `, table=True`."""
    attribute: str = "{}"
    """An attribute of the class in a statement, with `{}` for it: `col({})`."""
    relationship: str = "{}"
    """A relationship of the class in a statement, with `{}` for it."""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Names in lines of a model that come from elsewhere, with their modules."""
    imports: tuple[str, ...] = ()
    """Import lines of statements that use `attribute`."""
    relationship_imports: tuple[str, ...] = ()
    """Import lines of statements that use `relationship`."""

    @property
    def fields(self) -> bool:
        return self.name == "fields"
