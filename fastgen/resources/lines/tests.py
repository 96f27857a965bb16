"""Lines of the tests and the factory of a resource."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.catalog.facts import ModuleTable
from fastgen.resources.factory_values import distinct_values
from fastgen.resources.lines.imports import imports_of
from fastgen.resources.lines.surroundings import Surroundings
from fastgen.resources.names import snake_case
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import samples_of

Rows = tuple[ModuleTable, ...]
"""Models of modules for which a row must exist."""


@dataclass(frozen=True)
class Deletion:
    """A test of the deletion of a referenced row."""

    test: str
    path: str
    column: str
    outcome: tuple[str, ...]
    """Statements that check the response `gone`, and then the row at `url`."""


@dataclass(frozen=True)
class TestLines:
    """Parts of tests/test_things.py and of the factory.

    A list is the text of a Python list; an empty list is an empty text.
    """

    __test__ = False

    client: str
    """The fixture of a client with all permissions for the resource."""
    caller: str
    """The fixture of an ordinary client, logged in if endpoints require it."""
    login: bool
    """Whether endpoints require a login."""
    guarded: str
    """A list of the references that require a row of the same owner."""
    foreign_rows: str
    """Additional arguments of the factory: optional references to rows of another
    owner."""
    imports: tuple[str, ...]
    """Import lines of the tests, one statement per line."""
    body_imports: tuple[str, ...]
    """Import lines of the fixture `body` and of the fixtures that add rows."""
    body_parameters: str
    """The parameters of the fixture `body`."""
    body: tuple[str, ...]
    """Items of a dictionary: the body that creates a row."""
    expected: str
    """An expression of the expected row after `body` was sent."""
    expected_changes: str
    """An expression of the expected values after `CHANGES` was sent."""
    secret: str
    """The statement with the columns that responses never contain, or empty."""
    changes: tuple[str, ...]
    """The statement with new values for the columns of `body` except references; empty
    without any."""
    refused: tuple[str, ...]
    """Items of a list: columns with invalid values."""
    accepted: tuple[str, ...]
    """Items of a list: columns with the extreme valid values."""
    required: str
    """A list of the required columns of `body`."""
    foreign: str
    """A list of names that a body must not have."""
    not_null: str
    """A list of the columns that reject null."""
    nullable: str
    """A list of the columns that accept null."""
    unique: str
    """A list of the unique columns except references."""
    other_body: str
    """An expression of a body with other unique values."""
    references: str
    """A list of the reference columns."""
    deletions: tuple[Deletion, ...]
    """Tests of the deletion of each referenced row."""
    parameters: str
    """Parameters of a test that adds rows: `session: AsyncSession, user: User`."""
    parameter_imports: tuple[str, ...]
    """Import lines of the models in `parameters`."""
    arguments: str
    """Arguments of the factory's function: `session`, or `session, user`."""
    other_parameters: str
    """`parameters` for a row of another owner."""
    other_arguments: str
    """`arguments` for a row of another owner."""
    add_lines: tuple[str, ...]
    """Statements of the factory for references, one per line, without indent."""
    owner_argument: str
    """`owner_id=user.id, `, or empty."""
    factory_imports: tuple[str, ...]
    """Import lines of the factory, one statement per line."""
    factory_fields: tuple[str, ...]
    """Fields of the factory, one statement per line, without indent."""


def test_lines(resource: ResourceSpec, around: Surroundings) -> TestLines:
    scope, resources = resource.scope, around.resources
    needed = needed_rows([resource.name], around)
    others = other_fixtures(resource, needed)
    written = [f for f in resource.stored if not f.readonly]
    readonly = [f.column for f in resource.stored if f.readonly]
    plain = [f for f in written if not f.target]
    given = [f for f in written if f.target and is_given(f, resource, around)]
    samples = {f.name: samples_of(f) for f in plain}
    body = [(f.column, samples[f.name].create) for f in plain]
    body += [(f.column, _added(f, around)) for f in given]
    changes = [(f.column, samples[f.name].update) for f in plain]
    refused = [(f.column, v) for f in plain for v in samples[f.name].refused]
    refused += [(f.column, "'x'") for f in written if f.target]
    visible = [f for f in plain if not f.writeonly]
    accepted = [(f.column, v) for f in visible for v in samples[f.name].accepted]
    secret = [f.column for f in written if f.writeonly]
    in_body = [*plain, *given]
    targets = [f for f in given if f.target in resources]
    hidden = resource.name == "Use"
    distinct = (distinct_values(f, hidden=hidden) for f in plain if f.unique)
    unique = [line for lines in distinct for line in lines]
    without = "{name: body[name] for name in body if name not in SECRET}"
    less = "{name: CHANGES[name] for name in CHANGES if name not in SECRET}"
    return TestLines(
        client=around.client(resource),
        caller=around.caller,
        login=around.login,
        guarded=listed(f.column for f in given if scope and _is_owned(f, resources)),
        foreign_rows=", ".join(
            f"{f.column}=(await {adding(f.target, around, others)}).id"
            for f in given
            if f.optional and _is_owned(f, resources)
        ),
        imports=(
            *imports_of([value for _, value in (*refused, *accepted)], {}),
            *factories_of((f.target for f in given), needed, around),
        ),
        body_imports=tuple(factories_of((f.target for f in given), needed, around)),
        body_parameters=_body_parameters(given, around),
        body=_items(body),
        expected=without if secret else "body",
        expected_changes=less if secret else "CHANGES",
        secret=f"SECRET = {_set(secret)}" if secret else "",
        changes=_definition(_items(changes)),
        refused=pair_items(refused),
        accepted=pair_items(accepted),
        required=listed(f.column for f in in_body if f.required),
        foreign=listed(["no_such_field", *readonly]),
        not_null=listed(f.column for f in in_body if not f.optional),
        nullable=listed(f.column for f in in_body if f.optional),
        unique=listed(f.column for f in plain if f.unique),
        other_body="body | CHANGES" if plain else "body",
        references=listed(f.column for f in written if f.target),
        deletions=tuple(
            _deletion(f, resources, around.client(resource))
            for f in targets
            if around.client(resources[f.target]) == around.client(resource)
        ),
        parameters=parameters_of(needed),
        parameter_imports=tuple(factories_of((), needed, around)),
        arguments=_arguments(needed),
        other_parameters=parameters_of(needed, others),
        other_arguments=_arguments(needed, others),
        add_lines=tuple(_add_lines(resource, around)),
        owner_argument=(
            f"{scope.column}={around.models[scope.target].fixture}.id, "
            if scope
            else ""
        ),
        factory_imports=(
            *imports_of(
                [line.partition(" = ")[2] for line in unique], {"Use": "polyfactory"}
            ),
            *factories_of(
                (f.target for f in resource.stored if f.required), needed, around
            ),
        ),
        factory_fields=tuple(unique),
    )


def is_given(field: Field, resource: ResourceSpec, around: Surroundings) -> bool:
    """Whether tests create the referenced row. Not if an optional reference would lead
    back to `resource`."""
    if field.target not in around.resources:
        return field.required
    return field.required or resource.name not in _required(field.target, around)


def needed_rows(names: Iterable[str], around: Surroundings) -> Rows:
    """The rows of modules' models that rows of the resources `names` require, sorted by
    name."""
    required = {r for name in names for r in _required(name, around)}
    found = {r.scope.target for name in required if (r := around.resources[name]).scope}
    found |= {
        field.target
        for name in required
        for field in around.resources[name].stored
        if field.required and field.target in around.models
    }
    return tuple(around.models[name] for name in sorted(found))


def other_fixtures(resource: ResourceSpec, needed: Rows) -> Mapping[str, str]:
    """The fixtures of the `needed` rows with the owner replaced by another owner."""
    target = resource.scope.target if resource.scope else ""
    return {
        model.fixture: model.other_fixture if model.name == target else model.fixture
        for model in needed
    }


def _is_owned(field: Field, resources: Mapping[str, ResourceSpec]) -> bool:
    """Whether the target has an owner."""
    target = resources.get(field.target)
    return target is not None and target.scope is not None


def _required(name: str, around: Surroundings) -> set[str]:
    """The resource `name` and all resources that it requires, directly or not."""
    resources = around.resources
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


def _added(field: Field, around: Surroundings) -> str:
    if field.target not in around.resources:
        return f"str({around.models[field.target].fixture}.id)"
    return f"str((await {adding(field.target, around)}).id)"


def adding(
    name: str, around: Surroundings, fixtures: Mapping[str, str] | None = None
) -> str:
    """The call that adds a row of the resource `name`. `fixtures` replaces fixtures by
    name."""
    arguments = _arguments(needed_rows([name], around), fixtures)
    return f"add_{snake_case(name)}({arguments})"


def _arguments(needed: Rows, fixtures: Mapping[str, str] | None = None) -> str:
    names = (model.fixture for model in needed)
    return ", ".join(["session", *((fixtures or {}).get(name, name) for name in names)])


def parameters_of(needed: Rows, fixtures: Mapping[str, str] | None = None) -> str:
    """The parameters of a test that adds rows, which require the rows `needed`."""
    found = [
        f"{(fixtures or {}).get(model.fixture, model.fixture)}: {model.name}"
        for model in needed
    ]
    return ", ".join(["session: AsyncSession", *found])


def _body_parameters(given: Sequence[Field], around: Surroundings) -> str:
    """The parameters of the fixture that creates the rows of `given`."""
    targets = [f.target for f in given if f.target]
    models = {around.models[t] for t in targets if t not in around.resources}
    models |= {*needed_rows(targets, around)}
    ordered = tuple(sorted(models, key=lambda model: model.name))
    if {*targets} & around.resources.keys():
        return parameters_of(ordered)
    return ", ".join(f"{model.fixture}: {model.name}" for model in ordered)


def factories_of(names: Iterable[str], needed: Rows, around: Surroundings) -> list[str]:
    """The imports of factories for the resources in `names`, and of models for the rows
    `needed`."""
    lines = {
        f"from factories.{around.resources[name].plural} import add_{snake_case(name)}"
        for name in names
        if name in around.resources
    }
    lines |= {f"from {model.module} import {model.name}" for model in needed}
    return sorted(lines)


def _add_lines(resource: ResourceSpec, around: Surroundings) -> Iterator[str]:
    for field in resource.stored:
        if not field.target or field.readonly:
            continue
        if field.optional:
            yield f'values.setdefault("{field.column}", None)'
        elif field.target in around.resources:
            yield f'if "{field.column}" not in values:'
            call = adding(field.target, around)
            yield f'    values["{field.column}"] = (await {call}).id'
        else:
            fixture = around.models[field.target].fixture
            yield f'values.setdefault("{field.column}", {fixture}.id)'


def _deletion(
    field: Field, resources: Mapping[str, ResourceSpec], client: str
) -> Deletion:
    endings = {
        "restrict": "that_is_in_use_cannot_be_deleted",
        "cascade": "takes_it_along_when_deleted",
        "setnull": "leaves_it_behind_when_deleted",
    }
    return Deletion(
        test=f"a_{field.name}_{endings[field.on_delete]}",
        path=resources[field.target].plural.replace("_", "-"),
        column=field.column,
        outcome=_outcome(field, client),
    )


def _outcome(field: Field, client: str) -> tuple[str, ...]:
    after = f"(await {client}.get(url))"
    done = "assert gone.status_code == 204"
    match field.on_delete:
        case "restrict":
            refused = '(409, "Other rows refer to it.")'
            said = '(gone.status_code, gone.json()["detail"])'
            return f"assert {said} == {refused}", f"assert {after}.status_code == 200"
        case "cascade":
            return done, f"assert {after}.status_code == 404"
    return done, f'assert {after}.json()["{field.column}"] is None'


def listed(names: Iterable[str]) -> str:
    found = list(names)
    return repr(found) if found else ""


def _definition(items: tuple[str, ...]) -> tuple[str, ...]:
    return ("CHANGES: dict[str, Any] = {", *items, "}") if items else ()


def _items(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f'"{column}": {value},' for column, value in pairs)


def pair_items(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Items of a list: pairs of a text and an expression."""
    return tuple(f'("{column}", {value}),' for column, value in pairs)


def _set(names: Sequence[str]) -> str:
    return "{" + ", ".join(map(repr, names)) + "}"
