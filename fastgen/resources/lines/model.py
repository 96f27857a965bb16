"""The lines of a resource's model, for SQLAlchemy and for SQLModel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastgen.resources.associations import Association
from fastgen.resources.lines.imports import SQLALCHEMY, SQLMODEL, imports_of
from fastgen.resources.lines.pairs import pair_lines
from fastgen.resources.lines.values import default_of, hides_time, python_type
from fastgen.resources.references import on_delete
from fastgen.resources.resource import Field, ResourceSpec
from fastgen.resources.samples import bounds
from fastgen.resources.types import TYPES, Limits

# What SQLAlchemy finds out by itself.
_IMPLIED = frozenset(
    "int float bool date datetime time uuid bytes ref".split()  # noqa: SIM905
)

_HIDDEN = '{"secret": True}'
"""What marks a column that is never shown, as for the admin."""

_SQLMODEL_IMPLIED = (_IMPLIED | {"str", "email", "url", "enum"}) - {"float"}


@dataclass(frozen=True)
class Target:
    """What a field refers to: a resource, or a model of a module."""

    name: str
    module: str
    table: str
    of_resource: bool
    quoted: bool
    """Whether the target's module imports this one too; its name is then known to type
    checkers only."""


@dataclass(frozen=True)
class ModelLines:
    imports: tuple[str, ...]
    far_imports: tuple[str, ...]
    pairs: tuple[str, ...]
    constraints: tuple[str, ...]
    columns: tuple[str, ...]
    relations: tuple[str, ...]


def model_lines(
    resource: ResourceSpec,
    associations: Sequence[Association],
    targets: Mapping[str, Target],
    *,
    sqlmodel: bool,
) -> ModelLines:
    """The columns, constraints and relationships of the model of `resource`, and the
    tables of its pairs; `targets` by their names."""
    fields, own = resource.columns, resource.name
    hidden = hides_time(fields, [a.field.name for a in associations])
    column = _sqlmodel_column if sqlmodel else _column
    relation = _sqlmodel_relation if sqlmodel else _relation
    related = [f for f in fields if f.target and targets[f.target].of_resource]
    columns = [column(field, targets, resource, hidden=hidden) for field in fields]
    unique = [resource.unique_columns(field) for field in fields]
    constraints = [
        f"UniqueConstraint({', '.join(map(_quoted, names))})"
        for names in unique
        if len(names) > 1
    ]
    relations = [relation(field, related, targets, own) for field in related]
    quoted = {name for name, target in targets.items() if target.quoted}
    pairs = pair_lines(associations, {own, *targets}, quoted, own, sqlmodel=sqlmodel)
    relations += pairs.relations
    others = [
        target
        for target in targets.values()
        if target.of_resource and target.name != own
    ]
    near = {t.name: t.module for t in others if not t.quoted}
    far = [f"from {t.module} import {t.name}" for t in others if t.quoted]
    known = {**near, **(SQLMODEL if sqlmodel else SQLALCHEMY)}
    statements = [*pairs.tables, *constraints, *columns, *relations]
    imports = {*imports_of(statements, {**pairs.names, **known})}
    imports |= {"from typing import TYPE_CHECKING"} if far else set()
    return ModelLines(
        imports=tuple(sorted(imports)),
        far_imports=tuple(sorted(far)),
        pairs=pairs.tables,
        constraints=tuple(constraints),
        columns=tuple(columns),
        relations=tuple(relations),
    )


def _column_type(field: Field) -> str:
    if field.kind == "json" and field.optional:
        return "JSON(none_as_null=True)"
    longest = bounds(field)[1] if TYPES[field.kind].limits is Limits.LENGTH else 0
    return TYPES[field.kind].column.format(*field.arguments, max=longest)


def _column(
    field: Field, targets: Mapping[str, Target], resource: ResourceSpec, *, hidden: bool
) -> str:
    annotation = python_type(field, hidden=hidden)
    annotation += " | None" if field.optional else ""
    arguments = []
    if field.target:
        target = targets[field.target]
        more = (
            ", use_alter=True" if target.quoted and target.name != resource.name else ""
        )
        key = f'"{target.table}.id", ondelete="{on_delete(field)}"{more}'
        arguments.append(f"ForeignKey({key})")
    elif field.kind not in _IMPLIED:
        arguments.append(_column_type(field))
    if (default := default_of(field, hidden=hidden)) is not None:
        arguments.append(f"default={default}")
    arguments += _index(field, resource)
    arguments += [f"info={_HIDDEN}"] if field.writeonly else []
    line = f"{field.column}: Mapped[{annotation}]"
    return f"{line} = mapped_column({', '.join(arguments)})" if arguments else line


def _sqlmodel_column(
    field: Field, targets: Mapping[str, Target], resource: ResourceSpec, *, hidden: bool
) -> str:
    annotation = python_type(field, hidden=hidden)
    arguments = []
    if field.optional:
        annotation += " | None"
    default = default_of(field, hidden=hidden)
    if default is not None or field.optional:
        arguments.append(default if default is not None else "None")
    if field.target:
        target = targets[field.target]
        if target.quoted and target.name != resource.name:
            key = f'"{target.table}.id", ondelete="{on_delete(field)}", use_alter=True'
            arguments.append(f"sa_column_args=[ForeignKey({key})]")
        else:
            arguments.append(f'foreign_key="{target.table}.id"')
            arguments.append(f'ondelete="{on_delete(field)}"')
    elif field.kind in ("str", "email", "url", "enum"):
        length = _column_type(field).partition("(")[2].rstrip(")")
        arguments.append(f"max_length={length}")
    elif field.kind not in _SQLMODEL_IMPLIED:
        arguments.append(f"sa_type={_column_type(field)}")
    arguments += _index(field, resource)
    if field.writeonly:
        arguments.append('sa_column_kwargs={"info": ' + _HIDDEN + "}")
    line = f"{field.column}: {annotation}"
    if arguments == ["None"]:
        return f"{line} = None"
    return f"{line} = Field({', '.join(arguments)})" if arguments else line


def _index(field: Field, resource: ResourceSpec) -> list[str]:
    if resource.unique_columns(field) == (field.column,):
        return ["unique=True"]
    return ["index=True"] if resource.has_index(field) else []


def _quoted(name: str) -> str:
    return f'"{name}"'


def _ambiguous(
    field: Field, related: Sequence[Field], targets: Mapping[str, Target]
) -> bool:
    """Whether another key leads between the two tables, in either direction."""
    several = sum(other.target == field.target for other in related) > 1
    return several or targets[field.target].quoted


def _annotation(field: Field, targets: Mapping[str, Target], own: str) -> str:
    name = f"{field.target} | None" if field.optional else field.target
    return f'"{name}"' if targets[field.target].quoted or field.target == own else name


def _relation(
    field: Field, related: Sequence[Field], targets: Mapping[str, Target], own: str
) -> str:
    arguments = []
    if _ambiguous(field, related, targets):
        arguments.append(f"foreign_keys=[{field.column}]")
    if field.target == own:
        arguments.append('remote_side="' + f'{own}.id"')
    arguments.append('lazy="raise"')
    annotation = _annotation(field, targets, own)
    return f"{field.name}: Mapped[{annotation}] = relationship({', '.join(arguments)})"


def _sqlmodel_relation(
    field: Field, related: Sequence[Field], targets: Mapping[str, Target], own: str
) -> str:
    arguments = []
    if _ambiguous(field, related, targets):
        arguments.append(f'"foreign_keys": "{own}.{field.column}"')
    if field.target == own:
        arguments.append(f'"remote_side": "{own}.id"')
    arguments.append('"lazy": "raise"')
    given = "{" + ", ".join(arguments) + "}"
    annotation = field.target
    if targets[field.target].quoted or field.target == own:
        annotation = f'"{annotation}"'
    if field.optional:
        annotation = (
            f"Optional[{annotation}]" if '"' in annotation else f"{annotation} | None"
        )
    return f"{field.name}: {annotation} = Relationship(sa_relationship_kwargs={given})"
