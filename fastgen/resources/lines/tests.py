"""The values that the tests of a resource are made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.resources.factory_values import distinct_values
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.schemas import sorted_by
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Access, Field, ResourceSpec
from fastgen.resources.samples import samples_of

USER = "User"

Pair = tuple[str, str]
"""A column, and an expression."""


@dataclass(frozen=True)
class Deletion:
    """What the deletion of a row that is referred to does."""

    test: str
    path: str
    column: str
    action: str


@dataclass(frozen=True)
class TestLines:
    """What tests/test_things.py and the factory are made of.

    A list is the text of a Python list, and empty when nothing is in it.
    """

    __test__ = False

    client: str
    """The fixture of a client that may do everything with the resource."""
    auth: bool
    """Whether callers log in."""
    guarded: str
    """A list of the references that must stay among the rows of one user."""
    foreign_rows: str
    """Further arguments of the factory: optional references, with rows."""
    imports: tuple[str, ...]
    """Import lines of the tests, one statement a line."""
    body_parameters: str
    """The parameters of the fixture `body`."""
    body: tuple[Pair, ...]
    """The columns that a row is created of, each with a value."""
    expected: str
    """An expression of what is read after `body` was sent."""
    expected_changes: str
    """An expression of what is read after `CHANGES` was sent."""
    hidden: str
    """A set of the columns that are never read, or empty."""
    changes: tuple[Pair, ...]
    """Another value for each column of `body` that is no reference."""
    refused: tuple[Pair, ...]
    """Columns with values that break a rule."""
    accepted: tuple[Pair, ...]
    """Columns with values at the limit of a rule."""
    required: str
    """A list of the columns of `body` that cannot be left out."""
    foreign: str
    """A list of names that a body cannot have."""
    not_null: str
    """A list of the columns that refuse null."""
    nullable: str
    """A list of the columns that accept null."""
    unique: str
    """A list of the unique columns that are no references."""
    other_body: str
    """An expression of a body with other unique values."""
    references: str
    """A list of the columns that refer to other rows."""
    deletions: tuple[Deletion, ...]
    """What the deletion of each row that is referred to does."""
    sorts: str
    """A list of the orders, in both directions."""
    sorted: str
    """A list of the columns that a list is sorted by in both directions."""
    filtered: tuple[Pair, ...]
    """The columns that filter a list, each with a value of no row."""
    bad_queries: str
    """A list of the queries that are refused."""
    user_parameter: str
    """`, user: User`, or empty when no row needs a user."""
    add_arguments: str
    """Arguments of the factory's function: `session`, or `session, user`."""
    add_parameters: str
    """Parameters of the factory's function, in front of `**values`."""
    add_lines: tuple[str, ...]
    """The factory's statements for references, one line each, without indent."""
    owner_argument: str
    """`owner_id=user.id, `, or empty."""
    factory_imports: tuple[str, ...]
    """Import lines of the factory, one statement a line."""
    factory_fields: tuple[str, ...]
    """Fields of the factory, one statement a line, without indent."""


def test_lines(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec], *, auth: bool
) -> TestLines:
    """`auth`: whether callers log in."""
    owned = resource.access is Access.OWNER
    with_user = needs_user(resource.name, resources)
    written = [f for f in resource.stored if not f.readonly]
    readonly = [f.column for f in resource.stored if f.readonly]
    plain = [f for f in written if not f.target]
    given = [f for f in written if f.target and _is_given(f, resource, resources)]
    samples = {f.name: samples_of(f) for f in plain}
    body = [(f.column, samples[f.name].create) for f in plain]
    body += [(f.column, _added(f, resources)) for f in given]
    changes = [(f.column, samples[f.name].update) for f in plain]
    refused = [(f.column, v) for f in plain for v in samples[f.name].refused]
    refused += [(f.column, "'x'") for f in written if f.target]
    visible = [f for f in plain if not f.writeonly]
    accepted = [(f.column, v) for f in visible for v in samples[f.name].accepted]
    secret = [f.column for f in written if f.writeonly]
    in_body = [*plain, *given]
    queried = [f for f in in_body if f.queried]
    orders = [f for f in sorted_by(resource.stored) if not f.readonly]
    others = {f.column: samples[f.name].update for f in plain}
    targets = [f for f in given if f.target in resources]
    unique = [line for f in plain if f.unique for line in distinct_values(f)]
    without = "{name: body[name] for name in body if name not in SECRET}"
    less = "{name: CHANGES[name] for name in CHANGES if name not in SECRET}"
    return TestLines(
        client=client_of(resource.access, auth=auth),
        auth=auth,
        guarded=listed(f.column for f in given if owned and _is_owned(f, resources)),
        foreign_rows="".join(
            f", {f.column}=(await add_{snake_case(f.target)}(session, admin_user)).id"
            for f in given
            if f.optional and _is_owned(f, resources)
        ),
        imports=(
            *imports_of([value for _, value in (*refused, *accepted)]),
            *factories_of((f.target for f in given), resources, with_user=with_user),
        ),
        body_parameters=_parameters(given, resources),
        body=tuple(body),
        expected=without if secret else "body",
        expected_changes=less if secret else "CHANGES",
        hidden=_set(secret) if secret else "",
        changes=tuple(changes),
        refused=tuple(refused),
        accepted=tuple(accepted),
        required=listed(f.column for f in in_body if f.required),
        foreign=listed(["no_such_field", *readonly]),
        not_null=listed(f.column for f in in_body if not f.optional),
        nullable=listed(f.column for f in in_body if f.optional),
        unique=listed(f.column for f in plain if f.unique),
        other_body="body | CHANGES" if plain else "body",
        references=listed(f.column for f in written if f.target),
        deletions=tuple(
            _deletion(f, resources)
            for f in targets
            if client_of(resources[f.target].access, auth=auth)
            == client_of(resource.access, auth=auth)
        ),
        sorts=listed(s for f in orders for s in (f.column, f"-{f.column}")),
        sorted=listed(f.column for f in orders if not any(g.unique for g in given)),
        filtered=tuple(
            (f.column, "str(uuid4())" if f.target else others[f.column])
            for f in queried
        ),
        bad_queries=listed(_bad_queries(resource)),
        user_parameter=", user: User" if with_user else "",
        add_arguments=_arguments(with_user=with_user),
        add_parameters="session: AsyncSession" + (", user: User" if with_user else ""),
        add_lines=tuple(_add_lines(resource, resources)),
        owner_argument="owner_id=user.id, " if owned else "",
        factory_imports=(
            *imports_of([line.partition(" = ")[2] for line in unique]),
            *factories_of(
                (f.target for f in resource.stored if f.required),
                resources,
                with_user=with_user,
            ),
        ),
        factory_fields=tuple(unique),
    )


def client_of(access: Access, *, auth: bool) -> str:
    """The fixture of a client that may do everything with such a resource."""
    if not auth:
        return "client"
    return (
        "as_admin" if access in (Access.PUBLIC_READ, Access.ADMIN_ONLY) else "as_user"
    )


def _is_given(
    field: Field, resource: ResourceSpec, resources: Mapping[str, ResourceSpec]
) -> bool:
    """Whether tests make the row that is referred to: not where that leads back."""
    if field.target not in resources:
        return field.required
    return field.required or resource.name not in _needed(field.target, resources)


def needs_user(name: str, resources: Mapping[str, ResourceSpec]) -> bool:
    """Whether a row of it cannot be made without a user."""
    return any(
        resources[needed].access is Access.OWNER
        or any(f.required and f.target == USER for f in resources[needed].stored)
        for needed in _needed(name, resources)
    )


def _is_owned(field: Field, resources: Mapping[str, ResourceSpec]) -> bool:
    """Whether what it refers to is a user's own."""
    target = resources.get(field.target)
    return target is not None and target.access is Access.OWNER


def _needed(name: str, resources: Mapping[str, ResourceSpec]) -> set[str]:
    """Those whose factories the one of `name` imports, with itself."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        name = todo.pop()
        if name in resources and name not in seen:
            seen.add(name)
            todo += [
                f.target for f in resources[name].stored if f.target and f.required
            ]
    return seen


def _added(field: Field, resources: Mapping[str, ResourceSpec]) -> str:
    if field.target not in resources:
        return "str(user.id)"
    return f"str((await {adding(field.target, resources)}).id)"


def adding(name: str, resources: Mapping[str, ResourceSpec]) -> str:
    arguments = _arguments(with_user=needs_user(name, resources))
    return f"add_{snake_case(name)}({arguments})"


def _arguments(*, with_user: bool) -> str:
    return "session, user" if with_user else "session"


def _parameters(given: Sequence[Field], resources: Mapping[str, ResourceSpec]) -> str:
    """What the fixture that makes the rows of `given` asks for."""
    targets = [f.target for f in given if f.target]
    parameters = ["session: AsyncSession"] if {*targets} & resources.keys() else []
    if any(t not in resources or needs_user(t, resources) for t in targets):
        parameters.append("user: User")
    return ", ".join(parameters)


def factories_of(
    names: Iterable[str], resources: Mapping[str, ResourceSpec], *, with_user: bool
) -> list[str]:
    """The imports of the factories of those of `names` that are resources."""
    lines = {
        f"from factories.{resources[name].plural} import add_{snake_case(name)}"
        for name in names
        if name in resources
    }
    lines |= {"from myapi.auth.models import User"} if with_user else set()
    return sorted(lines)


def _add_lines(
    resource: ResourceSpec, resources: Mapping[str, ResourceSpec]
) -> Iterator[str]:
    for field in resource.stored:
        if not field.target or field.readonly:
            continue
        if field.optional:
            yield f'values.setdefault("{field.column}", None)'
        elif field.target in resources:
            yield f'if "{field.column}" not in values:'
            call = adding(field.target, resources)
            yield f'    values["{field.column}"] = (await {call}).id'
        else:
            yield f'values.setdefault("{field.column}", user.id)'


def _deletion(field: Field, resources: Mapping[str, ResourceSpec]) -> Deletion:
    endings = {
        "restrict": "that_is_in_use_cannot_be_deleted",
        "cascade": "takes_it_along_when_deleted",
        "setnull": "leaves_it_behind_when_deleted",
    }
    return Deletion(
        test=f"a_{field.name}_{endings[field.on_delete]}",
        path=resources[field.target].plural.replace("_", "-"),
        column=field.column,
        action=field.on_delete,
    )


def _bad_queries(resource: ResourceSpec) -> list[str]:
    """Queries by a field that there is not, and by one that has no index."""
    plain = [f.column for f in resource.stored if not f.queried]
    names = ["no_such_field", *plain[:1]]
    return [query for name in names for query in (f"{name}=1", f"sort={name}")]


def listed(names: Iterable[str]) -> str:
    found = list(names)
    return repr(found) if found else ""


def _set(names: Sequence[str]) -> str:
    return "{" + ", ".join(map(repr, names)) + "}"
